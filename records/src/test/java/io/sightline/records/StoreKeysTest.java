package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreKeysTest {

  private static final long NOON = 1_795_176_000_000_000L;

  @Test
  void sortOf_segmentsClipsAndAlerts_beginsWithTheirPosition() {
    String segment = Ids.segment("lobby", "live", "presence", NOON);
    String clip = Ids.clip(segment, ClipVariant.ORIGINAL, 0, 1, "source");

    assertThat(StoreKeys.sortOf(segment)).isEqualTo("1795176000000000." + segment);
    assertThat(StoreKeys.sortOf(clip)).isEqualTo("1795176000000000." + clip);
    assertThat(StoreKeys.sortOf(Ids.alert("lobby", "door", NOON)))
        .isEqualTo("1795176000000000.lobby.door.1795176000000000");
  }

  @Test
  void sortOf_namesThatLookLikePositions_areNotMistakenForOne() {
    String number = "1111111111111111";

    assertThat(StoreKeys.sortOf(Ids.segment(number, number, number, NOON)))
        .startsWith("1795176000000000.");
    assertThat(StoreKeys.sortOf(Ids.alert(number, number, NOON))).startsWith("1795176000000000.");
  }

  @Test
  void sort_positions_ordersByTimeThenRun() {
    assertThat(
            List.of(
                StoreKeys.sort(9, "live"),
                StoreKeys.sort(10, "again"),
                StoreKeys.sort(10, "live"),
                StoreKeys.sort(NOON, "again")))
        .isSorted();
  }

  @Test
  void streamOf_anId_isItsFirstPart() {
    assertThat(StoreKeys.streamOf(Ids.segment("lobby", "live", "presence", NOON)))
        .isEqualTo("lobby");
    assertThat(StoreKeys.streamOf("nothing")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "lobby", "lobby.live", "../x", "1795176000000000", "lobby.17951760000"})
  void sortOf_whatIsNoSuchId_isRefused(String id) {
    assertThatThrownBy(() -> StoreKeys.sortOf(id)).isInstanceOf(IllegalArgumentException.class);
  }
}
