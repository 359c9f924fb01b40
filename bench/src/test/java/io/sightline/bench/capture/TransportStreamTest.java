package io.sightline.bench.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class TransportStreamTest {

  private static final int PACKET = 188;

  @Test
  void dueBytes_goByTheClockReferences() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(packet(90_000));
    bytes.writeBytes(packet(-1));
    bytes.writeBytes(packet(90_000 + 90 * 40));
    bytes.writeBytes(packet(90_000 + 90 * 80));
    TransportStream stream = new TransportStream(bytes.toByteArray());

    assertThat(stream.dueBytes(-1)).isZero();
    assertThat(stream.dueBytes(0)).isEqualTo(2 * PACKET);
    assertThat(stream.dueBytes(39)).isEqualTo(2 * PACKET);
    assertThat(stream.dueBytes(40)).isEqualTo(3 * PACKET);
    assertThat(stream.dueBytes(80)).isEqualTo(stream.length()).isEqualTo(4 * PACKET);
  }

  @Test
  void somethingElse_isRefused() {
    assertThatThrownBy(() -> new TransportStream(new byte[PACKET]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sync byte");
  }

  /** ISO 13818-1, 2.4.3: a packet with a clock reference of this base, or without one. */
  private static byte[] packet(long clock) {
    byte[] packet = new byte[PACKET];
    packet[0] = 0x47;
    packet[3] = 0x10;
    if (clock >= 0) {
      packet[3] = 0x30;
      packet[4] = 7;
      packet[5] = 0x10;
      for (int i = 0; i < 4; i++) {
        packet[6 + i] = (byte) (clock >> 25 - 8 * i);
      }
      packet[10] = (byte) ((clock & 1) << 7);
    }
    return packet;
  }
}
