package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.records.BackupSpec;
import io.sightline.records.InputSpec;
import io.sightline.records.StreamSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputPlanTest {

  private static final String KEY = "correct-horse";

  @Test
  void backups_areForTheSameUses_inTheirOrder() {
    InputPlan.Input input =
        plan(new InputSpec(
                "rtsp://10.0.0.7",
                null,
                null,
                null,
                List.of(BackupSpec.of("rtsp://10.0.0.8"), BackupSpec.of("slate.mp4?loop")),
                "3s",
                "1m",
                null))
            .inputs()
            .get(0);

    assertThat(input.failover()).isEqualTo(Duration.ofSeconds(3));
    assertThat(input.returnAfter()).isEqualTo(Duration.ofMinutes(1));
    assertThat(input.backups()).hasSize(2).allMatch(backup -> backup.record() && backup.analyze());
    assertThat(input.backups().get(0).url().safeUrl()).isEqualTo("rtsp://10.0.0.8");
    assertThat(input.backups().get(1).url().loop()).isTrue();
  }

  @Test
  void snapshot_isNotSilentBetweenTwoPictures() {
    InputSpec snapshot =
        new InputSpec(
            "http://10.0.0.7/snap.jpg",
            null,
            null,
            "1m",
            List.of(BackupSpec.of("rtsp://10.0.0.8")),
            null,
            null,
            null);

    assertThat(plan(snapshot).inputs().get(0).failover()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void twoEncoders_areToldApartByTheirKeys() {
    assertThat(plan(encoders(KEY, "another-horse")).inputs().get(0).backups()).hasSize(1);
    assertThatThrownBy(() -> plan(encoders(KEY, KEY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a key of its own")
        .hasMessageNotContaining(KEY);
  }

  @Test
  void whatIsNotLive_isNoBackupAndHasNone() {
    for (String file : List.of("match.mp4", "match.mp4?realtime", "/media/in?watch")) {
      assertThatThrownBy(() -> plan(with("rtsp://10.0.0.7", file)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("?loop");
    }
    for (String file : List.of("match.mp4", "match.mp4?loop", "/media/in?watch")) {
      assertThatThrownBy(() -> plan(with(file, "rtsp://10.0.0.7")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("only live sources have a backup");
    }
    assertThatThrownBy(() -> plan(with("rtsp://10.0.0.7", "gopher://u:secret@10.0.0.8")))
        .hasMessageContaining("gopher")
        .hasMessageNotContaining("secret");
  }

  private static InputSpec with(String url, String backup) {
    return new InputSpec(url, null, null, null, List.of(BackupSpec.of(backup)), null, null, null);
  }

  private static InputSpec encoders(String key, String backupKey) {
    return new InputSpec(
        InputSpec.RTMP_TARGET,
        null,
        key,
        null,
        List.of(new BackupSpec(InputSpec.RTMP_TARGET, backupKey, null, null)),
        null,
        null,
        null);
  }

  private static InputPlan plan(InputSpec input) {
    return InputPlan.of(
        new StreamSpec("a", List.of(input), null, null, null, null),
        Path.of("").toAbsolutePath(),
        SinkLimits.GATEWAY);
  }
}
