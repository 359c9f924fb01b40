package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ThumbnailTest {

  @Test
  void of_initAndFragment_isTheFirstPicture() throws Exception {
    TestVideo video = TestVideo.plain().pictures(50).container(Container.MP4_FRAGMENTED);
    byte[] file = Files.readAllBytes(video.file());
    int init = endOfMoov(file);

    byte[] jpeg =
        Thumbnail.of(Arrays.copyOf(file, init), Arrays.copyOfRange(file, init, file.length), 160);

    JpegHeader header = JpegHeader.read(ByteBuffer.wrap(jpeg));
    assertThat(header.width()).isEqualTo(160);
    assertThat(header.height()).isEqualTo(90);
    assertThat(TestVideo.readFrameNumber(jpeg)).isZero();
  }

  @Test
  void of_garbage_fails() {
    assertThatThrownBy(() -> Thumbnail.of(new byte[100], new byte[100], 160))
        .isInstanceOf(MediaException.class);
  }

  private static int endOfMoov(byte[] file) {
    ByteBuffer boxes = ByteBuffer.wrap(file);
    int at = 0;
    while (boxes.getInt(at + 4) != 0x6d6f6f76) {
      at += boxes.getInt(at);
    }
    return at + boxes.getInt(at);
  }
}
