package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sightline.media.MediaException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** The markers of pictures that cameras and clients send. See {@code RtmpFuzzTest} for how. */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class JpegHeaderFuzzTest {

  @FuzzTest(maxDuration = "30m")
  void read(byte[] data) {
    try {
      JpegHeader header = JpegHeader.read(ByteBuffer.wrap(data));
      assertThat(header.lengthBytes()).isLessThanOrEqualTo(data.length);
      assertThat(header.width()).isBetween(1, 65_535);
      assertThat(header.height()).isBetween(1, 65_535);
    } catch (MediaException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
