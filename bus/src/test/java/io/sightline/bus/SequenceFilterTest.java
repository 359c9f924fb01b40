package io.sightline.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.records.Lane;
import io.sightline.records.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceFilterTest {

  private static final String EARLY = "1700000000000000-cam";
  private static final String LATE = "1700000900000000-cam";

  private final SequenceFilter filter = new SequenceFilter(List.of());

  @Test
  void accept_aSequenceOnce_andNoneBelow() {
    assertThat(accept("cam", "live", Lane.FRAMES, EARLY, 5)).isTrue();
    assertThat(accept("cam", "live", Lane.FRAMES, EARLY, 5)).isFalse();
    assertThat(accept("cam", "live", Lane.FRAMES, EARLY, 4)).isFalse();
    assertThat(accept("cam", "live", Lane.FRAMES, EARLY, 9)).isTrue();
  }

  @Test
  void accept_afterALaterEpochBegan_refusesTheEarlier() {
    assertThat(accept("cam", "live", Lane.FRAMES, EARLY, 5)).isTrue();
    assertThat(accept("cam", "live", Lane.FRAMES, LATE, 0)).isTrue();
    assertThat(accept("cam", "live", Lane.FRAMES, EARLY, 6)).isFalse();
  }

  @Test
  void lanesRunsStreamsAndTopics_areApart() {
    assertThat(accept("cam", "live", Lane.FRAMES, LATE, 5)).isTrue();
    assertThat(accept("cam", "live", Lane.CHUNKS, LATE, 5)).isTrue();
    assertThat(accept("cam", "again", Lane.FRAMES, EARLY, 5)).isTrue();
    assertThat(accept("door", "live", Lane.FRAMES, EARLY, 5)).isTrue();
    assertThat(
            filter.accept(
                Topic.FRAMES, "cam", new ItemHeaders.Place("live", Lane.FRAMES, EARLY, 5)))
        .isTrue();
  }

  @Test
  void aFilterFromEntries_knowsWhatTheFirstKnew() {
    accept("cam", "live", Lane.FRAMES, EARLY, 5);
    SequenceFilter restored = new SequenceFilter(filter.entries());
    assertThat(
            restored.accept(
                Topic.DETECTIONS, "cam", new ItemHeaders.Place("live", Lane.FRAMES, EARLY, 5)))
        .isFalse();
  }

  @Test
  void tooManyStreams_forgetTheOneThatWasSilentForLongest() {
    for (int i = 0; i < SequenceFilter.MAX_ENTRIES; i++) {
      accept("cam-" + i, "live", Lane.FRAMES, EARLY, 1);
    }
    accept("cam-0", "live", Lane.FRAMES, EARLY, 2);
    accept("one-more", "live", Lane.FRAMES, EARLY, 1);
    assertThat(filter.entries()).hasSize(SequenceFilter.MAX_ENTRIES);
    assertThat(accept("cam-0", "live", Lane.FRAMES, EARLY, 2)).isFalse();
    assertThat(accept("cam-1", "live", Lane.FRAMES, EARLY, 1)).isTrue();
  }

  @Test
  void headersOfAnItem_giveItsPlace() {
    Map<String, byte[]> headers = ItemHeaders.of(BusFixture.item("cam", EARLY, 7));
    assertThat(ItemHeaders.place(headers))
        .contains(new ItemHeaders.Place("live", Lane.FRAMES, EARLY, 7));
    assertThat(ItemHeaders.place(Map.of("traceparent", new byte[] {1}))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "lane, nowhere",
    "epoch, Not A Name",
    "sequence, 12345678901234567890",
    "sequence, ''",
    "run, UPPER"
  })
  void headersThatAreWrong_areMalformed(String name, String value) {
    Map<String, byte[]> headers = new HashMap<>(ItemHeaders.of(BusFixture.item("cam", EARLY, 7)));
    headers.put(name, value.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ItemHeaders.place(headers))
        .isInstanceOf(MalformedRecordException.class);
    headers.remove("epoch");
    assertThatThrownBy(() -> ItemHeaders.place(headers))
        .isInstanceOf(MalformedRecordException.class);
  }

  private boolean accept(String stream, String run, Lane lane, String epoch, long sequence) {
    return filter.accept(
        Topic.DETECTIONS, stream, new ItemHeaders.Place(run, lane, epoch, sequence));
  }
}
