package io.sightline.edgecapture.rtmp;

import io.sightline.media.MediaException;
import io.sightline.media.flv.FlvReader;
import io.sightline.media.flv.FlvUnit;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The talk with one encoder: handshake, {@code connect}, {@code createStream}, {@code publish},
 * then media until it ends (RTMP 1.0, section 7). Knows no socket; one thread.
 */
final class RtmpSession {

  /** How it says something to the encoder. */
  interface Out {
    void write(Buffer bytes);
  }

  /** Who may publish. */
  interface Door {
    /**
     * @param app the path of the URL: the stream's name
     * @param key the stream key
     * @throws RtmpException in one sentence, when it may not
     */
    Publication admit(String app, String key) throws RtmpException;
  }

  private static final int WINDOW_BYTES = 2_500_000;
  private static final int LEAST_WINDOW_BYTES = 65_536;
  private static final int STREAM_BEGIN = 0;
  private static final int PING = 6;
  private static final int PONG = 7;
  private static final int MEDIA_STREAM = 1;
  private static final int MAX_NAME = 512;
  private static final int TAG_HEADER_BYTES = 11;
  private static final int TAG_TRAILER_BYTES = 4;
  private static final int AMF3_MARKER_BYTES = 1;
  private static final long WRAP = 1L << 32;

  /** Enhanced RTMP: what an encoder may send beyond H.264 and AAC. */
  private static final List<String> CODECS =
      List.of("avc1", "hvc1", "av01", "vp09", "mp4a", "Opus", ".mp3", "ac-3");

  private final Out out;
  private final Door door;
  private final ChunkStreamReader chunks = new ChunkStreamReader(this::message);

  private Buffer early = Buffer.buffer();
  private boolean greeted;
  private boolean open;
  private long received;
  private long acknowledged;
  private long ackWindow = WINDOW_BYTES;
  private String app;
  private Publication publication;
  private boolean timed;
  private long lastTimestamp;
  private long unwrapped;

  RtmpSession(Out out, Door door) {
    this.out = out;
    this.door = door;
  }

  /** What it publishes to; null before and after. */
  Publication publication() {
    return publication;
  }

  /** Whether it has become clear that it speaks RTMP. */
  boolean open() {
    return open;
  }

  /** What is kept for later. */
  long heldBytes() {
    return chunks.heldBytes() + (early == null ? 0 : early.length());
  }

  /**
   * Takes what has arrived.
   *
   * @throws RtmpException when the connection must end; what is to be said has been written
   */
  void feed(Buffer data) throws RtmpException {
    received += data.length();
    Buffer rest = open ? data : handshake(data);
    if (rest.length() > 0) {
      chunks.feed(rest);
    }
    if (open && received - acknowledged >= ackWindow) {
      acknowledged = received;
      out.write(MessageWriter.control(RtmpMessage.ACKNOWLEDGEMENT, (int) received));
    }
  }

  /** The connection is gone. */
  void closed(String why) {
    if (publication != null) {
      publication.end(why);
      publication = null;
    }
  }

  private Buffer handshake(Buffer data) throws RtmpException {
    early = early.length() == 0 ? data : early.appendBuffer(data);
    if (!greeted && early.length() >= Handshake.HELLO_BYTES) {
      greeted = true;
      out.write(Handshake.answer(early));
    }
    int whole = Handshake.HELLO_BYTES + Handshake.ANSWER_BYTES;
    if (early.length() < whole) {
      return Buffer.buffer();
    }
    open = true;
    Buffer rest = early.getBuffer(whole, early.length());
    early = null;
    return rest;
  }

  private void message(RtmpMessage message) throws RtmpException {
    switch (message.type()) {
      case RtmpMessage.COMMAND -> command(Amf0.read(message.body()));
      case RtmpMessage.COMMAND_AMF3 -> command(Amf0.read(withoutMarker(message.body())));
      case RtmpMessage.AUDIO, RtmpMessage.VIDEO ->
          media(message.type() == RtmpMessage.VIDEO, message.timestamp(), message.body());
      case RtmpMessage.AGGREGATE -> aggregate(message);
      case RtmpMessage.WINDOW_SIZE -> window(message.body());
      case RtmpMessage.USER_CONTROL -> userControl(message.body());
      default -> {
        // Metadata says nothing that the media does not; acknowledgements need no answer.
      }
    }
  }

  private void command(List<Object> values) throws RtmpException {
    if (values.isEmpty() || !(values.get(0) instanceof String name)) {
      throw new RtmpException("A command without a name");
    }
    double transaction = values.size() > 1 && values.get(1) instanceof Double number ? number : 0;
    switch (name) {
      case "connect" -> connect(transaction, values);
      case "createStream" ->
          out.write(MessageWriter.command(0, "_result", transaction, null, MEDIA_STREAM));
      case "publish" -> publish(values);
      case "FCUnpublish", "deleteStream", "closeStream" -> closed("the publisher ended");
      case "play", "play2" -> {
        refuse("NetStream.Play.Failed", "This is a target to publish to; play streams over HLS.");
        throw new RtmpException("It wants to play, which this target does not do");
      }
      default -> {
        if (transaction > 0) {
          out.write(MessageWriter.command(0, "_result", transaction, null, null));
        }
      }
    }
  }

  private void connect(double transaction, List<Object> values) throws RtmpException {
    if (app != null) {
      throw new RtmpException("It connects twice");
    }
    Object named =
        values.size() > 2 && values.get(2) instanceof Map<?, ?> about ? about.get("app") : null;
    app = path(named instanceof String text ? text : "");
    out.write(MessageWriter.control(RtmpMessage.WINDOW_SIZE, WINDOW_BYTES));
    out.write(MessageWriter.peerBandwidth(WINDOW_BYTES));
    out.write(MessageWriter.control(RtmpMessage.SET_CHUNK_SIZE, MessageWriter.CHUNK_BYTES));
    Map<String, Object> server = new LinkedHashMap<>();
    server.put("fmsVer", "FMS/3,5,7,7009");
    server.put("capabilities", 31);
    server.put("fourCcList", CODECS);
    Map<String, Object> status = status("status", "NetConnection.Connect.Success", "Connected.");
    status.put("objectEncoding", 0);
    out.write(MessageWriter.command(0, "_result", transaction, server, status));
  }

  private void publish(List<Object> values) throws RtmpException {
    if (app == null || publication != null) {
      throw new RtmpException(
          app == null ? "It publishes before it connects" : "It publishes twice");
    }
    String key = values.size() > 3 && values.get(3) instanceof String text ? text : "";
    String path = app;
    if (key.length() > MAX_NAME) {
      throw new RtmpException("A stream key of " + key.length() + " characters");
    }
    try {
      publication = door.admit(path, key);
    } catch (RtmpException e) {
      refuse("NetStream.Publish.BadName", e.getMessage());
      throw e;
    }
    chunks.takePictures();
    timed = false;
    out.write(MessageWriter.userControl(STREAM_BEGIN, MEDIA_STREAM));
    out.write(
        MessageWriter.command(
            MEDIA_STREAM,
            "onStatus",
            0,
            null,
            status("status", "NetStream.Publish.Start", "Publishing.")));
  }

  private void refuse(String code, String why) {
    out.write(MessageWriter.command(MEDIA_STREAM, "onStatus", 0, null, status("error", code, why)));
  }

  private static Map<String, Object> status(String level, String code, String description) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("level", level);
    status.put("code", code);
    status.put("description", description);
    return status;
  }

  /** {@code live/}, {@code /live?x=y} and {@code live} are the same. */
  private static String path(String app) {
    int question = app.indexOf('?');
    String path = question < 0 ? app : app.substring(0, question);
    return path.replaceAll("^/+|/+$", "");
  }

  private void media(boolean video, long timestamp, ByteBuffer body) throws RtmpException {
    if (publication == null) {
      // After the end, or from an encoder that does not wait for the answer.
      return;
    }
    long millis = unwrap(timestamp);
    try {
      Optional<FlvUnit> unit =
          video ? FlvReader.video(millis, body) : FlvReader.audio(millis, body);
      unit.ifPresent(publication::add);
    } catch (MediaException e) {
      refuse("NetStream.Publish.Failed", e.getMessage());
      throw new RtmpException(e.getMessage());
    }
  }

  /** FLV tags one after the other; their times count from the first. */
  private void aggregate(RtmpMessage message) throws RtmpException {
    ByteBuffer in = message.body();
    long first = -1;
    while (in.remaining() >= TAG_HEADER_BYTES) {
      int type = in.get() & 0x1f;
      int size = medium(in);
      long time = medium(in) | (in.get() & 0xffL) << 24;
      medium(in);
      if (in.remaining() < size) {
        throw new RtmpException("A message of several is cut short");
      }
      first = first < 0 ? time : first;
      long timestamp = message.timestamp() + time - first & WRAP - 1;
      if (type == RtmpMessage.AUDIO || type == RtmpMessage.VIDEO) {
        media(type == RtmpMessage.VIDEO, timestamp, in.slice(in.position(), size));
      }
      in.position(Math.min(in.limit(), in.position() + size + TAG_TRAILER_BYTES));
    }
  }

  private static int medium(ByteBuffer in) {
    return (in.get() & 0xff) << 16 | (in.get() & 0xff) << 8 | in.get() & 0xff;
  }

  /** Times go on beyond the 49.7 days after which 32 bits begin anew. */
  private long unwrap(long timestamp) {
    if (timed) {
      long step = timestamp - lastTimestamp;
      unwrapped += step < -(WRAP / 2) ? step + WRAP : step > WRAP / 2 ? step - WRAP : step;
    } else {
      unwrapped = timestamp;
    }
    timed = true;
    lastTimestamp = timestamp;
    return unwrapped;
  }

  private void window(ByteBuffer body) {
    if (body.remaining() >= 4) {
      ackWindow = Math.max(LEAST_WINDOW_BYTES, Math.min(WINDOW_BYTES, body.getInt() & 0xffffffffL));
    }
  }

  private void userControl(ByteBuffer body) {
    if (body.remaining() >= 6 && body.getShort() == PING) {
      out.write(MessageWriter.userControl(PONG, body.getInt()));
    }
  }

  private static ByteBuffer withoutMarker(ByteBuffer body) {
    return body.hasRemaining()
        ? body.slice(AMF3_MARKER_BYTES, body.remaining() - AMF3_MARKER_BYTES)
        : body;
  }
}
