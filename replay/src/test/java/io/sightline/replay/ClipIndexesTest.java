package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.cut.ByteSource;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClipIndexesTest {

  private final Map<String, byte[]> objects = new HashMap<>();
  private final List<String> read = new ArrayList<>();
  private final ByteSource bytes =
      (key, offset, length) -> {
        read.add(key);
        if (!objects.containsKey(key)) {
          throw new IOException("There is no " + key);
        }
        return objects.get(key);
      };

  @Test
  void sameKeyAgain_isNotReadAgain() throws Exception {
    ClipIndex one = new ClipIndex("one", List.of(), 0, List.of());
    ClipIndex two = new ClipIndex("two", List.of(), 0, List.of());
    objects.put("1", Json.encode(one));
    objects.put("2", Json.encode(two));
    ClipIndexes indexes = new ClipIndexes(bytes);

    assertThat(indexes.get("1")).isEqualTo(one);
    assertThat(indexes.get("2")).isEqualTo(two);
    assertThat(indexes.get("1")).isEqualTo(one);

    assertThat(read).containsExactly("1", "2");
  }

  @Test
  void whatCouldNotBeRead_isReadTheNextTime() throws Exception {
    ClipIndexes indexes = new ClipIndexes(bytes);
    assertThatThrownBy(() -> indexes.get("1")).isInstanceOf(IOException.class);
    ClipIndex one = new ClipIndex("one", List.of(), 0, List.of());
    objects.put("1", Json.encode(one));

    assertThat(indexes.get("1")).isEqualTo(one);
  }
}
