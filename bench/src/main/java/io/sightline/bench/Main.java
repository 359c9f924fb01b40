package io.sightline.bench;

import io.sightline.bench.capture.CaptureClaims;
import io.sightline.bench.cut.CutClaims;
import io.sightline.bench.stages.StageClaims;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Where {@code ./sightline bench} begins. */
@CommandLine.Command(
    name = "sightline bench",
    description = {
      "Measures what is claimed about speed, against a yardstick in the same run.",
      "One line of JSON a figure on standard output, progress on standard error.",
      ""
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "'sightline bench soak' is a trial of 70 minutes instead: does any fault lose something?",
      "",
      "Exit codes: 0 all was measured, whether or not it met its target (\"ok\" says which did);",
      "2 there is no such claim; 1 something could not be measured."
    })
public final class Main implements Callable<Integer> {

  private static final int MEASURED = 0;
  private static final int NOT_MEASURED = 1;
  private static final int WRONG_REQUEST = 2;
  private static final String ALL = "all";
  private static final String LIST = "list";

  private final List<Claim> claims;

  @CommandLine.Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Claims to be measured; 'all' for each, 'list' (the default) to see them.")
  private List<String> names = List.of(LIST);

  @CommandLine.Option(
      names = "--cuts",
      paramLabel = "N",
      defaultValue = "" + Workbench.DEFAULT_CUTS,
      description = "exactness: how many cuts of each source type (default: ${DEFAULT-VALUE}).")
  private int cuts;

  @CommandLine.Option(
      names = "--source",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "exactness: only source types whose name contains this (default: all).")
  private String sources;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  Main(List<Claim> claims) {
    this.claims = claims;
  }

  public static void main(String[] arguments) {
    System.exit(line(claims()).execute(arguments));
  }

  /** All that are claimed, in the order in which they are measured. */
  static List<Claim> claims() {
    List<Claim> all = new ArrayList<>(CaptureClaims.all());
    all.addAll(CutClaims.all());
    all.addAll(StageClaims.all());
    return all;
  }

  static CommandLine line(List<Claim> claims) {
    return new CommandLine(new Main(claims))
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(
            (wrong, arguments) -> {
              PrintWriter err = wrong.getCommandLine().getErr();
              err.println("sightline: " + wrong.getMessage() + " (see sightline bench --help)");
              err.flush();
              return WRONG_REQUEST;
            });
  }

  @Override
  public Integer call() {
    if (cuts < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--cuts must be 1 or more, not " + cuts);
    }
    if (names.equals(List.of(LIST))) {
      list();
      return MEASURED;
    }
    List<Claim> chosen = new ArrayList<>();
    for (String name : names) {
      List<Claim> found =
          claims.stream().filter(claim -> name.equals(ALL) || claim.name().equals(name)).toList();
      if (found.isEmpty()) {
        say(
            "sightline: there is no claim '"
                + name
                + "'; there are: "
                + String.join(", ", claims.stream().map(Claim::name).toList()));
        return WRONG_REQUEST;
      }
      chosen.addAll(found);
    }
    return measure(chosen);
  }

  private void list() {
    PrintWriter out = spec.commandLine().getOut();
    for (Claim claim : claims) {
      out.printf(
          "%-18s %-8s %s; against: %s%n",
          claim.name(), claim.target(), claim.sentence(), claim.yardstick());
    }
    out.flush();
  }

  private int measure(List<Claim> chosen) {
    PrintWriter out = spec.commandLine().getOut();
    boolean all = true;
    try (Workbench bench = Workbench.open(cuts, sources, sentence -> say("  " + sentence))) {
      for (Claim claim : chosen) {
        say(claim.name() + ": " + claim.sentence());
        try {
          for (Figure figure : claim.measurement().on(bench)) {
            out.println(figure.line());
            out.flush();
          }
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          all = false;
          say("sightline: " + claim.name() + " could not be measured: " + sentence(e));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NOT_MEASURED;
    } catch (Exception e) {
      say("sightline: nothing could be measured: " + sentence(e));
      return NOT_MEASURED;
    }
    return all ? MEASURED : NOT_MEASURED;
  }

  private void say(String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(sentence);
    err.flush();
  }

  private static String sentence(Exception e) {
    return e instanceof BenchException ? e.getMessage() : e.toString();
  }
}
