package io.sightline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  private final List<String> measured = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void list_tellsEachClaimWithItsTarget() {
    assertThat(run(Main.claims(), "list")).isZero();

    assertThat(out.toString().lines())
        .hasSameSizeAs(Main.claims())
        .anySatisfy(line -> assertThat(line).startsWith("capture-keyframes ").contains("<= 1.25"))
        .anySatisfy(line -> assertThat(line).startsWith("capture-fleet ").contains(">= 25"))
        .anySatisfy(line -> assertThat(line).startsWith("cut ").contains("<= 0.12"))
        .anySatisfy(line -> assertThat(line).startsWith("clip-latency ").contains("<= 1.5"));
  }

  @Test
  void noName_lists() {
    assertThat(run(Main.claims())).isZero();
    assertThat(out.toString()).contains("rtmp-ingest");
  }

  @Test
  void unknownName_isRefusedWithTheNames_andNothingIsMeasured() {
    assertThat(run(List.of(claim("one", 1), claim("two", 1)), "one", "three")).isEqualTo(2);

    assertThat(err.toString()).contains("no claim 'three'", "one, two");
    assertThat(out.toString()).isEmpty();
    assertThat(measured).isEmpty();
  }

  @Test
  void unknownOption_isRefused() {
    assertThat(run(List.of(), "--fast")).isEqualTo(2);
    assertThat(err.toString()).contains("--fast", "--help");
  }

  @Test
  void fewerThanOneCut_isRefused() {
    assertThat(run(List.of(claim("one", 1)), "one", "--cuts", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--cuts must be 1 or more, not 0");
    assertThat(measured).isEmpty();
  }

  @Test
  void all_measuresEach_andAMissedTargetIsNoFailure() {
    Assumptions.assumeTrue(Processor.tells(), "Skipped: there is no /proc here");

    assertThat(run(List.of(claim("one", 1), claim("two", 3)), "all")).isZero();

    assertThat(measured).containsExactly("one", "two");
    assertThat(out.toString().lines())
        .containsExactly(
            "{\"name\":\"one\",\"value\":1.0,\"op\":\"<=\",\"target\":2.0,\"ok\":true,\"unit\":\"s\"}",
            "{\"name\":\"two\",\"value\":3.0,\"op\":\"<=\",\"target\":2.0,\"ok\":false,\"unit\":\"s\"}");
  }

  @Test
  void claimThatCannotBeMeasured_isSaid_andTheOthersAreMeasured() {
    Assumptions.assumeTrue(Processor.tells(), "Skipped: there is no /proc here");
    Claim broken =
        new Claim(
            "broken",
            "it works",
            "nothing",
            Target.atMost(1),
            bench -> {
              throw new BenchException("the yardstick is bent");
            });

    assertThat(run(List.of(broken, claim("one", 1)), "all")).isEqualTo(1);

    assertThat(err.toString()).contains("broken could not be measured: the yardstick is bent");
    assertThat(measured).containsExactly("one");
  }

  private Claim claim(String name, double value) {
    Target target = Target.atMost(2);
    return new Claim(
        name,
        "it is fast",
        "nothing",
        target,
        bench -> {
          measured.add(name);
          return List.of(Figure.plain(name, target, value, "s"));
        });
  }

  private int run(List<Claim> claims, String... arguments) {
    CommandLine line = Main.line(claims);
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(arguments);
  }
}
