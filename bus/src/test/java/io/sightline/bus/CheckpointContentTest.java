package io.sightline.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.records.Lane;
import io.sightline.records.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckpointContentTest {

  private static final CheckpointContent CONTENT =
      new CheckpointContent(
          "reader-1",
          7,
          Map.of("detections", 42L, "segment-edits", 0L),
          List.of(
              new SequenceFilter.Entry(
                  "detections", "cam", "live", Lane.CHUNKS, "1700000000000000-cam", 9)),
          new byte[] {1, 2, 3});

  @Test
  void decode_givesWhatWasEncoded() {
    CheckpointContent back = CheckpointContent.decode(CONTENT.encode());
    assertThat(back).usingRecursiveComparison().isEqualTo(CONTENT);
  }

  @Test
  void todaysFormat_staysReadable() {
    byte[] header =
        ("{\"owner\":\"o\",\"generation\":1,\"offsets\":{\"frames\":3},\"seen\":[{\"topic\":\"frames\","
                + "\"stream\":\"cam\",\"run\":\"live\",\"lane\":\"frames\",\"epoch\":\"e\","
                + "\"sequence\":4}],\"later\":true}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[8 + header.length + 1];
    System.arraycopy(new byte[] {'S', 'L', 'C', '1', 0, 0, 0, (byte) header.length}, 0, all, 0, 8);
    System.arraycopy(header, 0, all, 8, header.length);
    all[all.length - 1] = 9;
    CheckpointContent content = CheckpointContent.decode(all);
    assertThat(content.offsets()).isEqualTo(Map.of("frames", 3L));
    assertThat(content.seen())
        .containsExactly(new SequenceFilter.Entry("frames", "cam", "live", Lane.FRAMES, "e", 4));
    assertThat(content.state()).containsExactly(9);
  }

  @Test
  void anythingElse_isMalformed_andNeverTakenForAnEmptyState() {
    byte[] good = CONTENT.encode();
    for (int length = 0; length < good.length - 3; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> CheckpointContent.decode(cut))
          .isInstanceOf(MalformedRecordException.class);
    }
    byte[] newer = good.clone();
    newer[3] = '2';
    assertThatThrownBy(() -> CheckpointContent.decode(newer)).hasMessageContaining("newer");
    byte[] huge = good.clone();
    huge[4] = 0x7f;
    assertThatThrownBy(() -> CheckpointContent.decode(huge)).hasMessageContaining("longer");
  }

  @Test
  void aStateThatIsTooLarge_isRefusedWithItsSize() {
    CheckpointContent large =
        new CheckpointContent("", 0, Map.of(), List.of(), new byte[CheckpointContent.MAX_BYTES]);
    assertThatThrownBy(large::encode).hasMessageContaining("64000");
  }
}
