package io.sightline.edgecapture.rtmp;

import io.vertx.core.buffer.Buffer;

/** Writes the few and small messages that a target sends, as chunks. Pure. */
final class MessageWriter {

  /** What is announced before anything longer is written. */
  static final int CHUNK_BYTES = 4_096;

  private static final int CONTROL_STREAM = 2;
  private static final int COMMAND_STREAM = 3;

  private MessageWriter() {}

  static Buffer control(int type, int value) {
    return message(CONTROL_STREAM, type, 0, Buffer.buffer().appendInt(value));
  }

  /** How much the other end may send before it hears of it, and how that limit is meant. */
  static Buffer peerBandwidth(int bytes) {
    Buffer body = Buffer.buffer().appendInt(bytes).appendByte((byte) 2);
    return message(CONTROL_STREAM, RtmpMessage.PEER_BANDWIDTH, 0, body);
  }

  static Buffer userControl(int event, int value) {
    Buffer body = Buffer.buffer().appendShort((short) event).appendInt(value);
    return message(CONTROL_STREAM, RtmpMessage.USER_CONTROL, 0, body);
  }

  static Buffer command(int messageStream, Object... values) {
    return message(
        COMMAND_STREAM, RtmpMessage.COMMAND, messageStream, Buffer.buffer(Amf0.write(values)));
  }

  private static Buffer message(int chunkStream, int type, int messageStream, Buffer body) {
    if (body.length() > CHUNK_BYTES) {
      throw new IllegalArgumentException("A target writes short messages only");
    }
    return Buffer.buffer(12 + body.length())
        .appendByte((byte) chunkStream)
        .appendMedium(0)
        .appendMedium(body.length())
        .appendByte((byte) type)
        .appendIntLE(messageStream)
        .appendBuffer(body);
  }
}
