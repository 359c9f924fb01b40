package io.sightline.media.flv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FlvReaderTest {

  @Test
  void video_avc_headerAndPicturesWithTheirTimes() throws Exception {
    FlvUnit header = FlvReader.video(40, bytes(0x17, 0, 0, 0, 0, 1, 2, 3)).orElseThrow();
    assertThat(header.kind()).isEqualTo(FlvUnit.Kind.HEADER);
    assertThat(header.codec()).isEqualTo("h264");
    assertThat(header.data()).isEqualTo(bytes(1, 2, 3));

    FlvUnit key = FlvReader.video(40, bytes(0x17, 1, 0, 0, 80, 9)).orElseThrow();
    assertThat(key.keyframe()).isTrue();
    assertThat(key.dtsMillis()).isEqualTo(40);
    assertThat(key.ptsMillis()).isEqualTo(120);

    FlvUnit early = FlvReader.video(40, bytes(0x27, 1, 0xff, 0xff, 0xf6, 9)).orElseThrow();
    assertThat(early.keyframe()).isFalse();
    assertThat(early.ptsMillis()).isEqualTo(30);
  }

  @Test
  void video_enhanced_namesItsCodec() throws Exception {
    FlvUnit hevc = FlvReader.video(7, extended(0x91, "hvc1", 0, 0, 5, 9)).orElseThrow();
    assertThat(hevc.codec()).isEqualTo("hevc");
    assertThat(hevc.keyframe()).isTrue();
    assertThat(hevc.ptsMillis()).isEqualTo(12);
    assertThat(hevc.data()).isEqualTo(bytes(9));

    FlvUnit atOnce = FlvReader.video(7, extended(0xa3, "hvc1", 9)).orElseThrow();
    assertThat(atOnce.keyframe()).isFalse();
    assertThat(atOnce.ptsMillis()).isEqualTo(7);

    FlvUnit av1 = FlvReader.video(7, extended(0x91, "av01", 9, 8)).orElseThrow();
    assertThat(av1.codec()).isEqualTo("av1");
    assertThat(av1.data()).isEqualTo(bytes(9, 8));

    assertThat(FlvReader.video(7, extended(0x90, "vp09", 1)).orElseThrow().kind())
        .isEqualTo(FlvUnit.Kind.HEADER);
  }

  @Test
  void audio_aacAndEnhanced() throws Exception {
    assertThat(FlvReader.audio(3, bytes(0xaf, 0, 0x12, 0x10)).orElseThrow().kind())
        .isEqualTo(FlvUnit.Kind.HEADER);
    FlvUnit aac = FlvReader.audio(3, bytes(0xaf, 1, 5)).orElseThrow();
    assertThat(aac.codec()).isEqualTo("aac");
    assertThat(aac.keyframe()).isTrue();
    FlvUnit opus = FlvReader.audio(3, extended(0x91, "Opus", 5)).orElseThrow();
    assertThat(opus.codec()).isEqualTo("opus");
    assertThat(opus.data()).isEqualTo(bytes(5));
    assertThat(FlvReader.audio(3, bytes(0x2f, 5)).orElseThrow().codec()).isEqualTo("mp3");
  }

  @Test
  void whatCarriesNothing_isEmpty() throws Exception {
    assertThat(FlvReader.video(0, bytes())).isEmpty();
    assertThat(FlvReader.video(0, bytes(0x57, 0))).as("a command of the player").isEmpty();
    assertThat(FlvReader.video(0, bytes(0x17, 2, 0, 0, 0))).as("end of sequence").isEmpty();
    assertThat(FlvReader.video(0, extended(0x94, "hvc1", 1))).as("metadata").isEmpty();
    assertThat(FlvReader.audio(0, bytes())).isEmpty();
    assertThat(FlvReader.audio(0, bytes(0xaf, 1))).as("no sound in it").isEmpty();
  }

  @Test
  void whatIsNotTaken_isNamed() {
    assertThatThrownBy(() -> FlvReader.video(0, bytes(0x12, 0)))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("FLV codec 2");
    assertThatThrownBy(() -> FlvReader.video(0, extended(0x91, "vp08", 0)))
        .hasMessageContaining("'vp08'");
    assertThatThrownBy(() -> FlvReader.video(0, extended(0x96, "hvc1", 0)))
        .hasMessageContaining("multitrack");
    assertThatThrownBy(() -> FlvReader.audio(0, bytes(0x70, 0)))
        .hasMessageContaining("FLV format 7");
    assertThatThrownBy(() -> FlvReader.audio(0, extended(0x95, "Opus", 0)))
        .hasMessageContaining("multitrack");
  }

  @Test
  void cutShort_isMalformed() {
    for (ByteBuffer body :
        new ByteBuffer[] {
          bytes(0x17), bytes(0x17, 1, 0), bytes(0x91, 'h', 'v'), extended(0x91, "hvc1", 0)
        }) {
      assertThatThrownBy(() -> FlvReader.video(0, body))
          .isInstanceOfSatisfying(
              MediaException.class,
              e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.MALFORMED));
    }
    assertThatThrownBy(() -> FlvReader.audio(0, bytes(0xaf))).isInstanceOf(MediaException.class);
  }

  private static ByteBuffer extended(int first, String codec, int... rest) {
    ByteBuffer body = ByteBuffer.allocate(5 + rest.length);
    body.put((byte) first).put(codec.getBytes(StandardCharsets.US_ASCII));
    for (int each : rest) {
      body.put((byte) each);
    }
    return body.flip();
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer body = ByteBuffer.allocate(values.length);
    for (int each : values) {
      body.put((byte) each);
    }
    return body.flip();
  }
}
