package io.sightline.media.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ContactStripTest {

  private static final long START = Recording.START;

  private static ClipIndex cut(Recording recording, int first, int end) throws Exception {
    return Cut.exact(
            "clip",
            recording.chunks(),
            START + first * 40_000L,
            START + end * 40_000L,
            recording,
            recording)
        .index();
  }

  /** The numbers of the pictures in a strip. */
  private static List<Integer> numbers(byte[] strip, int width, int height) throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(strip));
    assertThat(image.getHeight()).isEqualTo(height);
    List<Integer> numbers = new ArrayList<>();
    for (int x = 0; x < image.getWidth(); x += width) {
      ByteArrayOutputStream one = new ByteArrayOutputStream();
      ImageIO.write(image.getSubimage(x, 0, width, height), "png", one);
      numbers.add(TestVideo.readFrameNumber(one.toByteArray()));
    }
    return numbers;
  }

  @Test
  void shortClip_showsEightOfItsPicturesAtEvenDistances() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound().file());
    ClipIndex clip = cut(recording, 30, 110);

    byte[] strip = ContactStrip.of(clip, recording, 320);

    assertThat(numbers(strip, 320, 180)).containsExactly(30, 40, 50, 60, 70, 80, 90, 100);
  }

  @Test
  void longClip_showsKeyframesNearThem_andReadsNothingElse() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().pictures(1_000).file());
    ClipIndex clip = cut(recording, 0, 1_000);
    List<String> read = new ArrayList<>();

    byte[] strip =
        ContactStrip.of(
            clip,
            (key, offset, length) -> {
              read.add(key);
              return recording.read(key, offset, length);
            },
            320);

    assertThat(numbers(strip, 320, 180)).containsExactly(0, 125, 250, 375, 500, 625, 750, 875);
    assertThat(read).hasSize(2 * ContactStrip.PICTURES);
  }

  @Test
  void clipOfFewPictures_showsThem() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().file());

    byte[] strip = ContactStrip.of(cut(recording, 30, 33), recording, 320);

    assertThat(numbers(strip, 320, 180)).startsWith(30).isSorted().hasSizeBetween(1, 3);
  }

  @Test
  void clipWithoutPictures_saysSo() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound().file());
    ClipIndex clip = cut(recording, 0, 50);
    ClipIndex sound =
        new ClipIndex(
            "sound",
            clip.tracks().stream().filter(one -> one.kind() == TrackInfo.Kind.AUDIO).toList(),
            0,
            clip.pieces().stream().filter(piece -> piece.track() != 1).toList());

    assertThatThrownBy(() -> ContactStrip.of(sound, recording, 160))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("without pictures");
  }
}
