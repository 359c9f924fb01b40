package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.InputInUse;
import io.sightline.records.InputUse;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InputsInUseTest {

  private static final Set<InputUse> RECORD = Set.of(InputUse.RECORD);
  private static final Set<InputUse> ANALYZE = Set.of(InputUse.ANALYZE);

  private final InputsInUse inputs = new InputsInUse();

  @Test
  void oneInput_isDescribedWhenItIsOneOfSeveral() {
    assertThat(inputs.describe()).isNull();
    inputs.now(input(null, 0, "rtsp://a"), false);
    assertThat(inputs.describe()).isNull();

    inputs.now(input(null, 0, "rtsp://a"), true);
    assertThat(inputs.describe()).isEqualTo("the main input (rtsp://a)");
    inputs.now(input(null, 2, "rtsp://c"), true);
    assertThat(inputs.describe()).isEqualTo("backup 2 (rtsp://c)");
  }

  @Test
  void inputsWithRoles_areDescribedByThem_whatIsRecordedFirst() {
    inputs.now(input(ANALYZE, 1, "rtsp://b"), true);
    inputs.now(input(RECORD, 0, "rtsp://a"), true);

    assertThat(inputs.describe())
        .isEqualTo("recorded: the main input (rtsp://a), analyzed: backup 1 (rtsp://b)");
    assertThat(inputs.list()).extracting(InputInUse::url).containsExactly("rtsp://a", "rtsp://b");
  }

  @Test
  void switches_areCounted_beginningsAreNot() {
    inputs.now(input(RECORD, 0, "rtsp://a"), true);
    inputs.now(input(RECORD, 1, "rtsp://b"), true);
    inputs.now(input(RECORD, 0, "rtsp://a"), true);
    assertThat(inputs.switches()).isEqualTo(2);

    inputs.now(input(RECORD, 1, "rtsp://b"), true);
    inputs.none();
    inputs.now(input(RECORD, 0, "rtsp://a"), true);

    assertThat(inputs.switches()).isEqualTo(3);
  }

  @Test
  void offset_isThatOfTheInputForTheSame_andGoneWithIt() {
    inputs.now(input(RECORD, 0, "rtsp://a"), false);
    inputs.now(input(ANALYZE, 0, "rtsp://b"), true);

    inputs.laid(ANALYZE, -120_000, InputInUse.OffsetFrom.CONFIGURED);

    assertThat(inputs.list().get(0).offsetMicros()).isNull();
    assertThat(inputs.list().get(1).offsetMicros()).isEqualTo(-120_000);
    inputs.now(input(ANALYZE, 1, "rtsp://c"), true);
    assertThat(inputs.list().get(1).offsetMicros()).isNull();
    inputs.none();
    inputs.laid(ANALYZE, 1, InputInUse.OffsetFrom.ARRIVAL);
    assertThat(inputs.list()).isEmpty();
  }

  private static InputInUse input(Set<InputUse> use, int index, String url) {
    return new InputInUse(use, index, url, null);
  }
}
