package io.sightline.ingestgateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.ingestgateway.access.Signer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedPathsTest {

  private static final Instant NOW = Instant.parse("2026-11-20T12:34:56Z");
  private static final String CLIP = "lobby.live.presence.1763700000000000.original.a0.r1.copy";
  private final Signer signer = new Signer("0123456789abcdef".getBytes());

  private SignedPaths at(Instant now) {
    return new SignedPaths(signer, Duration.ofHours(6), Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void clip_itsOwnFiles_areOpened() {
    String folder = at(NOW).clip(CLIP);
    SignedPaths.Opened opened = at(NOW).open(folder + "seg-1-0.m4s").orElseThrow();
    assertThat(opened.folder()).isEqualTo("clips/" + CLIP);
    assertThat(opened.file()).isEqualTo("seg-1-0.m4s");
    assertThat(opened.goodSeconds()).isBetween(6 * 3600L, 9 * 3600L);
  }

  @Test
  void url_askedAgainSoon_isTheSame() {
    assertThat(at(NOW.plusSeconds(60)).clip(CLIP)).isEqualTo(at(NOW).clip(CLIP));
    assertThat(at(NOW.plus(Duration.ofHours(4))).clip(CLIP)).isNotEqualTo(at(NOW).clip(CLIP));
  }

  @Test
  void expired_isNotOpened() {
    String folder = at(NOW).clip(CLIP);
    assertThat(at(NOW.plus(Duration.ofHours(6))).open(folder + "clip.mp4")).isPresent();
    assertThat(at(NOW.plus(Duration.ofHours(9))).open(folder + "clip.mp4")).isEmpty();
  }

  @Test
  void tampered_inAnyPart_isNotOpened() {
    SignedPaths paths = at(NOW);
    String path = paths.clip(CLIP) + "master.m3u8";
    assertThat(paths.open(path.replace("r1", "r2"))).isEmpty();
    assertThat(paths.open(path.replace("/clips/", "/replays/"))).isEmpty();
    String expiry = path.substring(3, path.indexOf('.'));
    assertThat(paths.open(path.replace(expiry, Long.toString(Long.parseLong(expiry) + 1))))
        .isEmpty();
    for (int i = path.indexOf('.') + 1; i < path.indexOf("/clips"); i++) {
      char other = path.charAt(i) == 'A' ? 'B' : 'A';
      assertThat(paths.open(path.substring(0, i) + other + path.substring(i + 1))).isEmpty();
    }
    SignedPaths foreign =
        new SignedPaths(
            new Signer("another key, also long".getBytes()),
            Duration.ofHours(6),
            Clock.fixed(NOW, ZoneOffset.UTC));
    assertThat(foreign.open(path)).isEmpty();
  }

  @Test
  void replay_oneVersion_opensNoOther() {
    SignedPaths paths = at(NOW);
    String path = paths.replay("best-of", 3) + "master.m3u8";
    assertThat(paths.open(path)).isPresent();
    assertThat(paths.open(path.replace("/3/", "/4/"))).isEmpty();
  }

  @Test
  void picture_another_isNotOpened() {
    SignedPaths paths = at(NOW);
    String path = paths.picture("frames/lobby/2026/11/20/12/1763700000000000.jpg");
    assertThat(paths.open(path)).isPresent();
    assertThat(paths.open(path.replace("lobby", "door"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/m/",
        "/m/1.x/clips/a/b",
        "/m/../etc/passwd",
        "/m/99999999999.aaaaaaaaaaaaaaaa/clips/a/..%2f",
        ""
      })
  void nonsense_isNotOpened(String path) {
    assertThat(at(NOW).open(path)).isEmpty();
  }
}
