package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "{",
        "{\"stream\":\"lobby\"} and more",
        "{\"stream\":[\"lobby\"]}",
        "{\"stream\":\"../..\"}"
      })
  void decode_whatIsNoSuchRecord_failsInOneLine(String json) {
    assertThatThrownBy(() -> Json.decode(json.getBytes(StandardCharsets.UTF_8), FrameInfo.class))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageStartingWith("Expected a FrameInfo")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void decode_hugeWrongValue_failsInAShortMessage() {
    String json = "{\"type\":\"frame\",\"width\":\"" + "x".repeat(100_000) + "\"}";

    assertThatThrownBy(() -> Json.decode(json.getBytes(StandardCharsets.UTF_8), FrameInfo.class))
        .isInstanceOf(MalformedRecordException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
  }

  @Test
  void decode_itemOfAnyType_isTheOneItsTypeNames() {
    StreamItem item = Samples.frameInfo();

    assertThat(Json.decode(Json.encode(item), StreamItem.class)).isEqualTo(item);
    assertThatThrownBy(() -> Json.decode(Json.encode(item), ChunkInfo.class))
        .isInstanceOf(MalformedRecordException.class);
  }

  @Test
  void encode_mapsAndSets_areInOneOrder() {
    Detection one = Samples.detection().withAttributes(Map.of("a", 1, "b", 2, "c", 3, "d", 4));
    WatchRule rule = Samples.watchRule();

    assertThat(Json.encode(one)).asString().contains("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}");
    assertThat(Json.encode(rule)).asString().contains("[\"bag\",\"dog\",\"person\"]");
    assertThat(Json.encode(new Box(1e-5, 0.002, 0.3, 1)))
        .asString()
        .isEqualTo("{\"left\":1.0E-5,\"top\":0.002,\"width\":0.3,\"height\":0.998}");
  }

  @Test
  void decode_positionBeyondAllTime_isRefused() {
    String json =
        new String(Json.encode(Samples.frameInfo()), StandardCharsets.UTF_8)
            .replaceFirst("\"positionMicros\":\\d+", "\"positionMicros\":99999999999999999");

    assertThatThrownBy(() -> Json.decode(json.getBytes(StandardCharsets.UTF_8), FrameInfo.class))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining("beyond all time");
  }

  @Test
  void decode_chunkWhoseFragmentReachesBeyondIt_isRefused() {
    ChunkInfo chunk = Samples.chunkInfo();
    String json = new String(Json.encode(chunk), StandardCharsets.UTF_8);

    for (String offset : List.of("400000", "9223372036854775807", "-1")) {
      String wrong = json.replaceFirst("\"offset\":0", "\"offset\":" + offset);
      assertThatThrownBy(() -> Json.decode(wrong.getBytes(StandardCharsets.UTF_8), ChunkInfo.class))
          .isInstanceOf(MalformedRecordException.class);
    }
  }
}
