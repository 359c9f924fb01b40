package io.sightline.edgecapture.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkStreamReaderTest {

  private final List<RtmpMessage> messages = new ArrayList<>();
  private final ChunkStreamReader reader = new ChunkStreamReader(messages::add);

  @Test
  void feed_messagesInAnyPieces_areTheSame() throws Exception {
    byte[] first = bytes(1, 500);
    byte[] second = bytes(2, 70);
    Buffer wire =
        Buffer.buffer()
            .appendBuffer(begin(4, 40, first, 9))
            .appendBuffer(part(first, 0, 128))
            // Sound comes between the parts of a picture.
            .appendBuffer(begin(5, 60, second, 8))
            .appendBuffer(part(second, 0, 70));
    for (int from = 128; from < 500; from += 128) {
      wire.appendByte((byte) 0xc4).appendBuffer(part(first, from, Math.min(500, from + 128)));
    }
    for (int piece : new int[] {1, 2, 7, 100, 1_000}) {
      messages.clear();
      ChunkStreamReader any = new ChunkStreamReader(messages::add);
      for (int at = 0; at < wire.length(); at += piece) {
        any.feed(wire.getBuffer(at, Math.min(wire.length(), at + piece)));
      }
      assertThat(messages).hasSize(2);
      assertMessage(messages.get(0), 8, 60, second);
      assertMessage(messages.get(1), 9, 40, first);
    }
  }

  @Test
  void feed_deltasAndRepeats_addUp() throws Exception {
    byte[] body = {1, 2, 3};
    reader.feed(begin(4, 1_000, body, 8).appendBytes(body));
    // Format 1: a delta, length and type; format 2: a delta; format 3: all as before.
    reader.feed(Buffer.buffer(new byte[] {0x44, 0, 0, 20, 0, 0, 3, 8}).appendBytes(body));
    reader.feed(Buffer.buffer(new byte[] {(byte) 0x84, 0, 0, 30}).appendBytes(body));
    reader.feed(Buffer.buffer(new byte[] {(byte) 0xc4}).appendBytes(body));

    assertThat(messages)
        .extracting(RtmpMessage::timestamp)
        .containsExactly(1_000L, 1_020L, 1_050L, 1_080L);
  }

  @Test
  void feed_extendedTimestamp_isReadInEveryPart() throws Exception {
    byte[] body = bytes(3, 200);
    Buffer wire =
        Buffer.buffer(new byte[] {4})
            .appendMedium(0xffffff)
            .appendMedium(200)
            .appendByte((byte) 9)
            .appendIntLE(1)
            .appendUnsignedInt(0xf0000000L)
            .appendBuffer(part(body, 0, 128))
            .appendByte((byte) 0xc4)
            .appendUnsignedInt(0xf0000000L)
            .appendBuffer(part(body, 128, 200));
    reader.feed(wire);

    assertThat(messages).hasSize(1);
    assertMessage(messages.get(0), 9, 0xf0000000L, body);
  }

  @Test
  void feed_chunkSize_changesAtOnce() throws Exception {
    byte[] body = bytes(4, 3_000);
    reader.feed(MessageWriter.control(RtmpMessage.SET_CHUNK_SIZE, 4_000));
    reader.feed(begin(6, 0, body, 9).appendBytes(body));

    assertThat(messages).hasSize(1);
    assertMessage(messages.get(0), 9, 0, body);
  }

  @Test
  void feed_largeMessageOfAStranger_isRefusedBeforeItIsHeld() throws Exception {
    byte[] claims = new byte[0];
    Buffer wire =
        Buffer.buffer(new byte[] {4, 0, 0, 0})
            .appendMedium(1_000_000)
            .appendByte((byte) 9)
            .appendIntLE(1)
            .appendBytes(claims);
    assertThatThrownBy(() -> reader.feed(wire))
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining("1000000 bytes")
        .hasMessageContaining("65536");

    ChunkStreamReader known = new ChunkStreamReader(messages::add);
    known.takePictures();
    known.feed(wire);
    assertThat(messages).isEmpty();
  }

  @Test
  void feed_manyChunkStreams_areRefused() {
    assertThatThrownBy(
            () -> {
              for (int id = 3; id < 60; id++) {
                reader.feed(begin(id, 0, new byte[] {1}, 9).appendByte((byte) 1));
              }
            })
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining("32 chunk streams");
  }

  @Test
  void feed_headerThatWasNeverSent_isRefused() {
    assertThatThrownBy(() -> reader.feed(Buffer.buffer(new byte[] {(byte) 0xc9})))
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining("never sent");
  }

  @Test
  void feed_noise_endsInNothingButTheDeclaredException() {
    Random random = new Random(7);
    for (int round = 0; round < 3_000; round++) {
      ChunkStreamReader any = new ChunkStreamReader(message -> {});
      byte[] noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      try {
        any.feed(Buffer.buffer(noise));
      } catch (RtmpException e) {
        assertThat(e).hasMessageNotContaining("\n");
      }
    }
  }

  private static Buffer begin(int id, int time, byte[] body, int type) {
    return Buffer.buffer(new byte[] {(byte) id})
        .appendMedium(time)
        .appendMedium(body.length)
        .appendByte((byte) type)
        .appendIntLE(1);
  }

  private static Buffer part(byte[] body, int from, int to) {
    return Buffer.buffer(java.util.Arrays.copyOfRange(body, from, to));
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void assertMessage(RtmpMessage message, int type, long time, byte[] body) {
    assertThat(message.type()).isEqualTo(type);
    assertThat(message.timestamp()).isEqualTo(time);
    assertThat(message.body()).isEqualTo(ByteBuffer.wrap(body));
  }
}
