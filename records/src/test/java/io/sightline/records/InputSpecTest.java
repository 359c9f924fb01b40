package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputSpecTest {

  @ParameterizedTest
  @CsvSource({
    "rtsp://10.0.0.7/main, rtsp://10.0.0.7/main",
    "rtsp://10.0.0.7:554, rtsp://10.0.0.7:554",
    "rtsp://user:pass@10.0.0.7/main?x=1, rtsp://10.0.0.7/main",
    "rtsp://user@10.0.0.7, rtsp://10.0.0.7",
    "rtsp://user:p@ss@10.0.0.7/main, rtsp://10.0.0.7/main",
    "rtsp://us@er:p@ss@10.0.0.7, rtsp://10.0.0.7",
    "http://10.0.0.7/snap.jpg?user=admin&pwd=secret, http://10.0.0.7/snap.jpg",
    "http://10.0.0.7/a#secret, http://10.0.0.7/a",
    "srt://10.0.0.7:9000?passphrase=secret, srt://10.0.0.7:9000",
    "RTMP+tls://u:p@[::1]/live, RTMP+tls://[::1]/live",
    "file:///videos/me@home.mp4?realtime, file:///videos/me@home.mp4",
    "file:me@home.mp4, file:me@home.mp4",
    "/videos/a:b/me@home.mp4, /videos/a:b/me@home.mp4",
    "user:pass@10.0.0.7/main, 10.0.0.7/main",
  })
  void safeUrl_anyUrl_isWithoutCredentialsAndQuery(String url, String safe) {
    assertThat(InputSpec.of(url).safeUrl()).isEqualTo(safe);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://user:SEC@RET@10.0.0.7/main",
        "rtsp://user:SEC/RET@10.0.0.7/main",
        "rtsp://user:SEC?RET@10.0.0.7/main",
        "rtsp://user:SEC#RET@10.0.0.7/main",
        "rtsp://user:/SEC@RET?@10.0.0.7/main",
        "rtsp://user:@SEC/RET@10.0.0.7/main",
        "rtsp://user:12/SECRET@10.0.0.7/main",
        "rtsp://user:SEC\nRET@10.0.0.7/main",
        "http://10.0.0.7/snap?pwd=SEC@RET",
        "http://10.0.0.7/snap?pwd=SEC/RET",
        "user:SEC/RET@10.0.0.7/main",
        "user:SECRET@10.0.0.7"
      })
  void safeUrl_passwordOfAnyCharacters_showsNothingOfIt(String url) {
    InputSpec input = new InputSpec(url, null, "SECRET");
    StreamSpec stream = new StreamSpec("lobby", List.of(input), null, null, null, null);

    for (String shown : List.of(input.safeUrl(), input.toString(), stream.toString())) {
      assertThat(shown).doesNotContain("SEC").doesNotContain("RET").doesNotContain("\n");
    }
  }

  @Test
  void use_notGiven_isBothInOneOrder() {
    InputSpec input = InputSpec.of("rtsp://10.0.0.7/main");

    assertThat(input.use()).containsExactly(InputUse.RECORD, InputUse.ANALYZE);
    assertThat(new InputSpec("x", Set.of(InputUse.ANALYZE, InputUse.RECORD), null).use())
        .containsExactly(InputUse.RECORD, InputUse.ANALYZE);
    assertThatThrownBy(() -> input.use().clear()).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void input_withoutUrl_isRefused() {
    assertThatThrownBy(() -> InputSpec.of(" ")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void every_ofMediaLive_isFiveSecondsByItself_andAtLeastOne() {
    String url = "medialive://1234567/0?region=eu-west-1";

    assertThat(InputSpec.of(url).interval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(new InputSpec(url, null, null, "1s").interval()).isEqualTo(Duration.ofSeconds(1));
    assertThatThrownBy(() -> new InputSpec(url, null, null, "900ms"))
        .hasMessage("A thumbnail is asked for every 1s to 1h, not every '900ms'");
  }

  @Test
  void every_notGiven_isOneSecond() {
    assertThat(InputSpec.of("http://10.0.0.8/snap.jpg").interval())
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(new InputSpec("HTTPS://cam/snap.jpg", null, null, "250ms").interval())
        .isEqualTo(Duration.ofMillis(250));
  }

  @ParameterizedTest
  @CsvSource({
    "http://cam/snap.jpg, 99ms, every 100ms to 1h",
    "http://cam/snap.jpg, 61m, every 100ms to 1h",
    "http://cam/snap.jpg, often, a duration such as 500ms",
    "rtsp://u:p@cam/main, 1s, not for rtsp://cam/main",
  })
  void every_thatCannotBe_isRefused(String url, String every, String why) {
    assertThatThrownBy(() -> new InputSpec(url, null, null, every))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void backup_secrets_areNeverPrinted() {
    BackupSpec backup = new BackupSpec("rtsp://user:SEC@RET@10.0.0.8/main", null, null, null);
    InputSpec input =
        new InputSpec("rtsp://10.0.0.7", null, null, null, List.of(backup), null, null, null);

    assertThat(backup.toString()).isEqualTo("rtsp://10.0.0.8/main");
    assertThat(input.toString()).doesNotContain("SEC").doesNotContain("RET");
    assertThat(input.failoverAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(input.wellAfter()).isEqualTo(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @CsvSource({
    "true, 999ms, , 'failover' is 1s to 10m",
    "true, 11m, , 'failover' is 1s to 10m",
    "true, , 999ms, 'returnAfter' is 1s to 24h",
    "true, , 25h, 'returnAfter' is 1s to 24h",
    "true, soon, , a duration such as 500ms",
    "false, 5s, , for an input with a backup",
    "false, , 10s, for an input with a backup",
  })
  void failover_thatCannotBe_isRefused(
      boolean backup, String failover, String returnAfter, String why) {
    List<BackupSpec> backups = backup ? List.of(BackupSpec.of("rtsp://10.0.0.8")) : List.of();

    assertThatThrownBy(
            () ->
                new InputSpec(
                    "rtsp://10.0.0.7", null, null, null, backups, failover, returnAfter, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void backups_moreThanFour_orWithoutAUrl_areRefused() {
    List<BackupSpec> five = Collections.nCopies(5, BackupSpec.of("rtsp://10.0.0.8"));

    assertThatThrownBy(
            () -> new InputSpec("rtsp://10.0.0.7", null, null, null, five, null, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("up to 4 backups");
    assertThatThrownBy(() -> BackupSpec.of(" ")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BackupSpec.of("rtmp-listen"))
        .hasMessageContaining("key of at least 8 characters");
  }

  @ParameterizedTest
  @CsvSource({"-120ms, -120000", "80ms, 80000", "-5s, -5000000", "0ms, 0"})
  void offset_isBeforeOrAfterTheArrival(String offset, long micros) {
    assertThat(analyzed(offset).offsetMicros()).isEqualTo(micros);
    assertThat(new BackupSpec("rtsp://x", null, null, offset).offsetMicros()).isEqualTo(micros);
  }

  @Test
  void offset_thatCannotBe_isRefused() {
    for (String offset : List.of("6s", "-5001ms", "--1s", "early", "-")) {
      assertThatThrownBy(() -> analyzed(offset))
          .as(offset)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> new InputSpec("rtsp://x", null, null, null, null, null, null, "-120ms"))
        .hasMessageContaining("beside another that is recorded");
    assertThat(analyzed(null).offsetMicros()).isNull();
  }

  private static InputSpec analyzed(String offset) {
    return new InputSpec(
        "rtsp://10.0.0.7/sub", Set.of(InputUse.ANALYZE), null, null, null, null, null, offset);
  }

  @Test
  void rtmpTarget_withoutAKeyWorthTheName_isRefused() {
    for (String key : new String[] {null, "", "short"}) {
      assertThatThrownBy(() -> new InputSpec("rtmp-listen", null, key))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("key of at least 8 characters");
    }
    assertThat(new InputSpec("rtmp-listen", null, "long-enough").published()).isTrue();
    assertThat(InputSpec.of("rtmp://host/app").published()).isFalse();
  }
}
