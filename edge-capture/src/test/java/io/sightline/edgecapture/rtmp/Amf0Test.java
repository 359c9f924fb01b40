package io.sightline.edgecapture.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class Amf0Test {

  @Test
  void read_whatWasWritten_givesItBack() throws Exception {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("app", "live");
    object.put("capabilities", 31.0);
    object.put("list", List.of("avc1", "hvc1"));
    object.put("none", null);

    List<Object> read = Amf0.read(ByteBuffer.wrap(Amf0.write("connect", 1, object, true, null)));

    assertThat(read).containsExactly("connect", 1.0, object, true, null);
  }

  @Test
  void read_ecmaArrayAndDateAndLongString_areUnderstood() throws Exception {
    byte[] ecma = {8, 0, 0, 0, 1, 0, 1, 'a', 1, 1, 0, 0, 9};
    ByteBuffer date = ByteBuffer.allocate(11).put((byte) 11).putDouble(1_000).putShort((short) 0);
    byte[] text = {12, 0, 0, 0, 2, 'h', 'i'};

    assertThat(Amf0.read(ByteBuffer.wrap(ecma))).containsExactly(Map.of("a", true));
    assertThat(Amf0.read(date.flip())).containsExactly(1_000.0);
    assertThat(Amf0.read(ByteBuffer.wrap(text))).containsExactly("hi");
  }

  @Test
  void read_cutShortAnywhere_isRefused() {
    byte[] whole = Amf0.write("publish", 5, null, Map.of("key", List.of(1, 2)));
    int refused = 0;
    for (int length = 1; length < whole.length; length++) {
      ByteBuffer part = ByteBuffer.wrap(Arrays.copyOf(whole, length));
      try {
        Amf0.read(part);
      } catch (RtmpException e) {
        refused++;
      }
    }
    // Only where one value ends and the next begins can it be cut without notice.
    assertThat(refused).isEqualTo(whole.length - 1 - 3);
  }

  @Test
  void read_bombs_areRefused() {
    byte[] deep = new byte[3_000];
    for (int i = 0; i < deep.length; i += 4) {
      deep[i] = 3;
      deep[i + 2] = 1;
      deep[i + 3] = 'a';
    }
    byte[] wide = new byte[2_000];
    Arrays.fill(wide, (byte) 5);
    byte[] claims = {10, 127, -1, -1, -1};

    assertThatThrownBy(() -> Amf0.read(ByteBuffer.wrap(deep)))
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining("nested");
    assertThatThrownBy(() -> Amf0.read(ByteBuffer.wrap(wide)))
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining("1024 values");
    assertThatThrownBy(() -> Amf0.read(ByteBuffer.wrap(claims)))
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining("array");
  }
}
