package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureOptionsTest {

  private static final List<Point> CORNER =
      List.of(new Point(0, 0), new Point(0.5, 0), new Point(0, 0.5));

  @Test
  void decode_ofNothing_changesNothing() {
    assertThat(decode("{}")).isEqualTo(PictureOptions.NONE);
    assertThat(PictureOptions.NONE.rotate()).isZero();
    assertThat(PictureOptions.NONE.masks()).isEmpty();
  }

  @Test
  void streamSpec_writtenBeforeThereWerePictureOptions_hasNone() {
    StreamSpec stream =
        Json.decode(
            "{\"name\":\"a\",\"inputs\":[{\"url\":\"rtsp://a\"}]}".getBytes(StandardCharsets.UTF_8),
            StreamSpec.class);

    assertThat(stream.pictures()).isEqualTo(PictureOptions.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rotate\":270,\"width\":16,\"quality\":1}",
        "{\"rotate\":0,\"width\":8192,\"quality\":100}",
        "{\"masks\":[[[0,0],[1,0],[1,1],[0,1]]]}"
      })
  void decode_ofTheLimits_isAccepted(String json) {
    assertThat(decode(json)).isNotEqualTo(PictureOptions.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rotate\":45}                  | A frame is rotated by 0, 90, 180 or 270 degrees, not 45",
        "{\"rotate\":360}                 | A frame is rotated by 0, 90, 180 or 270 degrees, not 360",
        "{\"rotate\":-90}                 | A frame is rotated by 0, 90, 180 or 270 degrees, not -90",
        "{\"width\":15}                   | The width of a frame is 16 to 8192 pixels, not 15",
        "{\"width\":8193}                 | The width of a frame is 16 to 8192 pixels, not 8193",
        "{\"quality\":0}                  | The quality of a frame is 1 to 100, not 0",
        "{\"quality\":101}                | The quality of a frame is 1 to 100, not 101",
        "{\"masks\":[[[0,0],[1,0]]]}      | A mask has 3 to 100 corners",
        "{\"masks\":[null]}               | A mask has 3 to 100 corners",
        "{\"masks\":[[null,null,null]]}   | A mask has 3 to 100 corners",
        "{\"masks\":[[[0,0],[1,0],[2,0]]]} | A point lies between [0, 0] and [1, 1]",
      })
  void decode_ofSomethingWrong_saysWhatWouldBeRight(String json, String sentence) {
    assertThatThrownBy(() -> decode(json))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void tooMuch_isRefused() {
    assertThatThrownBy(() -> new PictureOptions(0, null, null, Collections.nCopies(51, CORNER)))
        .hasMessage("A stream has up to 50 masks, not 51");
    List<Point> corners = Collections.nCopies(101, new Point(0, 0));
    assertThatThrownBy(() -> new PictureOptions(0, null, null, List.of(corners)))
        .hasMessageContaining("not 101");
  }

  private static PictureOptions decode(String json) {
    return Json.decode(json.getBytes(StandardCharsets.UTF_8), PictureOptions.class);
  }
}
