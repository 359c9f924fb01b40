package io.sightline.clipper.mediaconvert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class PictureSizeTest {

  private static final List<Integer> LADDER = List.of(360, 1080, 720, 720, 2160);

  @Test
  void ladder_isTheSourceAndWhatLiesBelowIt_theLargestFirst() {
    assertThat(new PictureSize(1920, 1080).ladder(LADDER))
        .containsExactly(
            new PictureSize(1920, 1080), new PictureSize(1280, 720), new PictureSize(640, 360));
    assertThat(new PictureSize(320, 180).ladder(LADDER)).containsExactly(new PictureSize(320, 180));
  }

  @Test
  void ladder_ofAnUprightPicture_goesByItsShorterSide() {
    assertThat(new PictureSize(1080, 1920).ladder(List.of(720)))
        .extracting(PictureSize::name, PictureSize::width, PictureSize::height)
        .containsExactly(tuple("1080p", 1080, 1920), tuple("720p", 720, 1280));
  }

  @Test
  void size_isEven_asEncodersNeedIt() {
    assertThat(new PictureSize(853, 481)).isEqualTo(new PictureSize(854, 482));
  }
}
