package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

  private static final long NOON = 1_795_176_000_000_000L; // 2026-11-20T12:00:00Z

  @Test
  void cut_ofAStretch_namesBothItsEnds() {
    String id = Ids.cut("lobby", "live", 1_700_000_000_000_000L, 1_700_000_004_500_000L);

    assertThat(id).isEqualTo("lobby.live.cut-4500000.1700000000000000");
    assertThat(StoreKeys.sortOf(id)).startsWith("1700000000000000.");
    assertThat(Ids.namesCut("cut-4500000")).isTrue();
    assertThat(Ids.namesCut("presence")).isFalse();
    assertThat(Ids.namesCut(null)).isFalse();
  }

  @Test
  void ids_ofThings_areDerivedFromWhatTheyName() {
    String epoch = Ids.epoch(NOON, "local");
    String segment = Ids.segment("lobby", "live", "presence", NOON);

    assertThat(epoch).isEqualTo("1795176000000000-local");
    assertThat(Ids.frame("lobby", epoch, NOON + 5))
        .isEqualTo("lobby.1795176000000000-local.1795176000000005");
    assertThat(Ids.chunk("lobby", epoch, 17)).isEqualTo("lobby.1795176000000000-local.0000000017");
    assertThat(segment).isEqualTo("lobby.live.presence.1795176000000000");
    assertThat(Ids.clip(segment, ClipVariant.ORIGINAL, 0, 2, "source"))
        .isEqualTo("lobby.live.presence.1795176000000000.original.a0.r2.source");
    assertThat(Ids.alert("lobby", "door", NOON)).isEqualTo("lobby.door.1795176000000000");
  }

  @Test
  void keys_ofObjects_areInUtc() {
    assertThat(Ids.chunkKey("lobby", "e-1", 17)).isEqualTo("streams/lobby/e-1/0000000017.mp4");
    assertThat(Ids.initKey("lobby", "e-1", 2, "abc")).isEqualTo("streams/lobby/e-1/init-2-abc.mp4");
    assertThat(Ids.frameKey("lobby", NOON + 1))
        .isEqualTo("frames/lobby/2026/11/20/12/1795176000000001.jpg");
  }

  @Test
  void fixedWidth_positions_sortAsTextAsTheyDoAsNumbers() {
    assertThat(
            LongStream.of(0, 9, 10, 999_999, NOON - 1, NOON, Ids.MAX_POSITION_MICROS)
                .mapToObj(Ids::fixedWidth))
        .isSorted()
        .allMatch(text -> text.length() == Ids.POSITION_DIGITS);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Ids.MAX_POSITION_MICROS + 1, Long.MAX_VALUE})
  void fixedWidth_positionThatWouldNotSort_isRefused(long position) {
    assertThatThrownBy(() -> Ids.fixedWidth(position)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "Front Door.mp4, front-door-mp4",
    "court-1, court-1",
    "  --A__B--  , a-b",
    "Zürich HB, z-rich-hb",
    "../../etc/passwd, etc-passwd"
  })
  void nameFrom_anyText_givesAName(String text, String name) {
    assertThat(Ids.nameFrom(text)).isEqualTo(name);
    assertThat(Ids.requireName("stream", Ids.nameFrom(text))).isEqualTo(name);
  }

  @Test
  void nameFrom_textsWithoutLettersOrTooLong_giveDifferentNames() {
    String long1 = Ids.nameFrom("x".repeat(100) + "1");
    String long2 = Ids.nameFrom("x".repeat(100) + "2");

    assertThat(long1).hasSize(63).isNotEqualTo(long2);
    assertThat(Ids.nameFrom("日本")).startsWith("stream-").isNotEqualTo(Ids.nameFrom("中国"));
    assertThat(Ids.requireName("stream", Ids.nameFrom(""))).startsWith("stream-");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "A", "a.b", "a/b", "a b", "ä", "a\n", "..", "a_b"})
  void requireName_whatIsNone_isRefusedWithAnExample(String name) {
    assertThatThrownBy(() -> Ids.requireName("stream", name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stream")
        .hasMessageContaining("front-door");
  }

  @Test
  void requireName_tooLong_isRefusedInAShortMessage() {
    assertThat(Ids.requireName("stream", "a".repeat(63))).hasSize(63);
    assertThatThrownBy(() -> Ids.requireName("stream", "a".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Ids.requireName("stream", "a".repeat(1_000_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", ".", "..", ".a", "a.", "a..b", "a/b", "A", "a b", "a\n", "a\u0000"})
  void requireId_whatIsNone_isRefused(String id) {
    assertThatThrownBy(() -> Ids.requireId("clip", id))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void requireId_longest_isTakenAndOneMoreIsNot() {
    assertThat(Ids.requireId("clip", "a.".repeat(124) + "bc")).hasSize(250);
    assertThatThrownBy(() -> Ids.requireId("clip", "a.".repeat(125) + "b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void requireId_longestNamesOfAll_stillFit() {
    String name = "n".repeat(63);
    String id =
        Ids.clip(
            Ids.segment(name, "live", "presence", NOON),
            ClipVariant.OPTIMIZED,
            12,
            1_000_000,
            "1080p");

    assertThat(Ids.requireId("clip", id)).isEqualTo(id);
  }

  @Test
  void digest_content_isTheBeginningOfItsSha256() {
    assertThat(Ids.digest("abc")).isEqualTo("ba7816bf8f01");
  }
}
