package io.sightline.edgecapture.rtmp;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts messages together from the chunks of one connection (RTMP 1.0, section 5.3). Fed whatever
 * arrives; never holds more than the limits say. One thread.
 */
final class ChunkStreamReader {

  /** Where whole messages go. */
  interface Sink {
    void message(RtmpMessage message) throws RtmpException;
  }

  /** No picture of a stream that anybody sends over RTMP is larger. */
  static final int MAX_MESSAGE_BYTES = 16 << 20;

  /** What is enough until the other end has said who it is. */
  static final int MAX_FIRST_MESSAGES_BYTES = 64 << 10;

  /** Encoders use a handful; each may have a message begun. */
  private static final int MAX_CHUNK_STREAMS = 32;

  private static final int DEFAULT_CHUNK_BYTES = 128;
  private static final int EXTENDED = 0xffffff;

  /** Bytes of the message header, by format. */
  private static final int[] HEADER_BYTES = {11, 7, 3, 0};

  private final Sink sink;
  private final Map<Integer, ChunkStream> streams = new HashMap<>();
  private int maxMessageBytes = MAX_FIRST_MESSAGES_BYTES;
  private int chunkBytes = DEFAULT_CHUNK_BYTES;
  private long begunBytes;

  /** What has arrived; beyond one call only a header that is cut short is kept. */
  private Buffer in = Buffer.buffer();

  private int at;

  /** Whose chunk is being read, and how much of it is to come; null between two. */
  private ChunkStream reading;

  private int left;

  /** What is known of one chunk stream: headers say only what has changed. */
  private static final class ChunkStream {
    boolean known;
    long timestamp;
    long delta;
    boolean extended;
    int length;
    int type;
    int messageStream;
    byte[] body;
    int filled;
  }

  ChunkStreamReader(Sink sink) {
    this.sink = sink;
  }

  /** From now on messages may be as large as pictures are. */
  void takePictures() {
    maxMessageBytes = MAX_MESSAGE_BYTES;
  }

  /** What is kept for later: messages that are begun, and a header that is cut short. */
  long heldBytes() {
    return begunBytes + in.length();
  }

  /**
   * Takes what has arrived and gives out the messages that it completes.
   *
   * @throws RtmpException when it breaks the protocol or a limit; nothing may be fed any more
   */
  void feed(Buffer data) throws RtmpException {
    in = in.length() == 0 ? data : in.appendBuffer(data);
    at = 0;
    while (reading != null ? body() : header()) {
      // As long as something can be read.
    }
    in = at == in.length() ? Buffer.buffer() : in.getBuffer(at, in.length());
  }

  /** Reads the header of a chunk; false when not all of it is there. */
  private boolean header() throws RtmpException {
    int available = in.length() - at;
    if (available < 1) {
      return false;
    }
    int first = in.getUnsignedByte(at);
    int format = first >> 6;
    int id = first & 0x3f;
    int basic = id == 0 ? 2 : id == 1 ? 3 : 1;
    int size = basic + HEADER_BYTES[format];
    if (available < size) {
      return false;
    }
    if (id < 2) {
      id = 64 + in.getUnsignedByte(at + 1) + (id == 1 ? 256 * in.getUnsignedByte(at + 2) : 0);
    }
    ChunkStream stream = stream(id, format);
    int fields = at + basic;
    long time = format < 3 ? in.getUnsignedMedium(fields) : 0;
    boolean extended = format < 3 ? time == EXTENDED : stream.extended;
    if (extended) {
      if (available < size + 4) {
        return false;
      }
      time = in.getUnsignedInt(at + size);
      size += 4;
    }
    int length = format < 2 ? in.getUnsignedMedium(fields + 3) : stream.length;
    if (stream.body == null) {
      begin(stream, format, fields, time, extended, length);
    } else if (length != stream.length) {
      throw new RtmpException("A message changes its length in the middle");
    }
    at += size;
    reading = stream;
    left = Math.min(chunkBytes, stream.length - stream.filled);
    return true;
  }

  /** Reads what is there of a chunk's body; false when there is nothing. */
  private boolean body() throws RtmpException {
    int part = Math.min(left, in.length() - at);
    if (part == 0 && left > 0) {
      return false;
    }
    in.getBytes(at, at + part, reading.body, reading.filled);
    reading.filled += part;
    at += part;
    left -= part;
    if (left == 0) {
      ChunkStream done = reading;
      reading = null;
      if (done.filled == done.length) {
        complete(done);
      }
    }
    return true;
  }

  private ChunkStream stream(int id, int format) throws RtmpException {
    ChunkStream stream = streams.get(id);
    if (stream == null) {
      if (streams.size() >= MAX_CHUNK_STREAMS) {
        throw new RtmpException("More than " + MAX_CHUNK_STREAMS + " chunk streams");
      }
      stream = new ChunkStream();
      streams.put(id, stream);
    }
    if (!stream.known && format > 1) {
      throw new RtmpException("A chunk refers to a header that was never sent");
    }
    return stream;
  }

  private void begin(
      ChunkStream stream, int format, int fields, long time, boolean extended, int length)
      throws RtmpException {
    if (length > maxMessageBytes || begunBytes + length > 2L * maxMessageBytes) {
      throw new RtmpException(
          "A message of " + length + " bytes; at most " + maxMessageBytes + " are taken here");
    }
    begunBytes += length;
    stream.known = true;
    stream.extended = extended;
    if (format == 0) {
      stream.timestamp = time;
      stream.delta = 0;
    } else {
      if (format < 3) {
        stream.delta = time;
      }
      stream.timestamp = stream.timestamp + stream.delta & 0xffffffffL;
    }
    if (format < 2) {
      stream.length = length;
      stream.type = in.getUnsignedByte(fields + 6);
    }
    if (format == 0) {
      stream.messageStream = in.getIntLE(fields + 7);
    }
    stream.body = new byte[length];
    stream.filled = 0;
  }

  private void complete(ChunkStream stream) throws RtmpException {
    RtmpMessage message =
        new RtmpMessage(
            stream.type, stream.messageStream, stream.timestamp, ByteBuffer.wrap(stream.body));
    begunBytes -= stream.length;
    stream.body = null;
    switch (message.type()) {
      case RtmpMessage.SET_CHUNK_SIZE -> chunkSize(message.body());
      case RtmpMessage.ABORT -> abort(message.body());
      default -> sink.message(message);
    }
  }

  private void chunkSize(ByteBuffer body) throws RtmpException {
    int size = body.remaining() < 4 ? 0 : body.getInt();
    if (size < 1) {
      throw new RtmpException("A chunk size of " + (size & 0xffffffffL) + " bytes");
    }
    chunkBytes = Math.min(size, MAX_MESSAGE_BYTES);
  }

  private void abort(ByteBuffer body) {
    ChunkStream stream = body.remaining() < 4 ? null : streams.get(body.getInt());
    if (stream != null && stream.body != null) {
      begunBytes -= stream.length;
      stream.body = null;
    }
  }
}
