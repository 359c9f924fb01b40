package io.sightline.edgecapture;

import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.testing.TestVideo;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An RTSP camera (RFC 2326, over TCP) that plays H.264 (RFC 6184) of 25 pictures a second as if it
 * saw it now. Each picture leaves it some time after it was seen; from a moment on its sender
 * reports (RFC 3550) tell what its clock said when it saw it.
 */
final class RtspCamera implements AutoCloseable {

  private static final int MAX_PAYLOAD = 1_200;
  private static final long PICTURE_MICROS = 40_000;
  private static final long TICKS = 3_600;
  private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<List<byte[]>> pictures = new ArrayList<>();
  private final List<Boolean> keyframes = new ArrayList<>();
  private final long bornMicros;
  private final long latencyMicros;
  private final long clockErrorMicros;
  private byte[] sps;
  private byte[] pps;
  private volatile boolean tellsClock;

  /**
   * @param video as an MPEG transport stream
   * @param bornMicros when it sees the first picture
   * @param latencyMicros how long a picture takes to leave it
   * @param clockErrorMicros by how much its clock is ahead
   */
  RtspCamera(TestVideo video, long bornMicros, long latencyMicros, long clockErrorMicros)
      throws Exception {
    this.bornMicros = bornMicros;
    this.latencyMicros = latencyMicros;
    this.clockErrorMicros = clockErrorMicros;
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        byte[] bytes = new byte[packet.size()];
        packet.data().get(bytes);
        pictures.add(units(bytes));
        keyframes.add(packet.keyframe());
      }
    }
    daemon(this::accept);
  }

  static long now() {
    Instant now = Clock.systemUTC().instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  String url() {
    return "rtsp://127.0.0.1:" + server.getLocalPort() + "/camera";
  }

  /** Sender reports from now on, one a second. */
  void tellClock() {
    tellsClock = true;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "rtsp-camera");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        daemon(() -> serve(connection));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      OutputStream out = connection.getOutputStream();
      for (String line; (line = in.readLine()) != null; ) {
        String method = line.split(" ")[0];
        String sequence = "0";
        while (!(line = in.readLine()).isEmpty()) {
          sequence = line.startsWith("CSeq:") ? line.substring(5).strip() : sequence;
        }
        String more =
            switch (method) {
              case "OPTIONS" -> "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n";
              case "SETUP" -> "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n";
              case "PLAY" -> "Session: 1\r\n";
              default -> "";
            };
        String body = method.equals("DESCRIBE") ? sdp() : "";
        more += body.isEmpty() ? "" : "Content-Type: application/sdp\r\n";
        out.write(
            ("RTSP/1.0 200 OK\r\nCSeq: "
                    + sequence
                    + "\r\n"
                    + more
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        if (method.equals("PLAY")) {
          play(new DataOutputStream(out));
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // The other end left.
    }
  }

  private String sdp() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
        + "a=rtpmap:96 H264/90000\r\na=framerate:25\r\na=fmtp:96 packetization-mode=1;"
        + "sprop-parameter-sets="
        + base64.encodeToString(sps)
        + ","
        + base64.encodeToString(pps)
        + "\r\na=control:track0\r\n";
  }

  private synchronized void play(DataOutputStream out) throws IOException, InterruptedException {
    // With the next keyframe, as most cameras do: nothing comes that left it before.
    long leftMicros = now() - bornMicros - latencyMicros;
    int number = (int) Math.max(0, leftMicros / PICTURE_MICROS + 1);
    while (!keyframes.get(number)) {
      number++;
    }
    long first = number;
    int sequence = 0;
    long reported = 0;
    for (; number < pictures.size() && !server.isClosed(); number++) {
      long seen = bornMicros + number * PICTURE_MICROS;
      for (long rest; (rest = seen + latencyMicros - now()) > 0; ) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(rest));
      }
      long ticks = (number - first) * TICKS + 1_000_000;
      if (tellsClock && seen - reported >= 1_000_000) {
        reported = seen;
        report(out, seen + clockErrorMicros, ticks);
      }
      List<byte[]> units = pictures.get(number);
      for (int n = 0; n < units.size(); n++) {
        sequence = unit(out, units.get(n), n == units.size() - 1, sequence, ticks);
      }
      out.flush();
    }
  }

  /** A sender report: what its clock says at a time of the track. */
  private static void report(DataOutputStream out, long clockMicros, long ticks)
      throws IOException {
    out.write('$');
    out.write(1);
    out.writeShort(28);
    out.writeShort(0x80c8);
    out.writeShort(6);
    out.writeInt(0x5167);
    out.writeInt((int) (clockMicros / 1_000_000 + SECONDS_1900_TO_1970));
    out.writeInt((int) (((clockMicros % 1_000_000) << 32) / 1_000_000));
    out.writeInt((int) ticks);
    out.writeInt(0);
    out.writeInt(0);
  }

  private static int unit(DataOutputStream out, byte[] unit, boolean last, int sequence, long ticks)
      throws IOException {
    if (unit.length <= MAX_PAYLOAD) {
      header(out, unit.length, last, sequence, ticks);
      out.write(unit);
      return sequence + 1;
    }
    int next = sequence;
    for (int at = 1; at < unit.length; at += MAX_PAYLOAD) {
      int length = Math.min(MAX_PAYLOAD, unit.length - at);
      boolean end = at + length == unit.length;
      header(out, length + 2, last && end, next++, ticks);
      out.write(unit[0] & 0xe0 | 28);
      out.write(unit[0] & 0x1f | (at == 1 ? 0x80 : 0) | (end ? 0x40 : 0));
      out.write(unit, at, length);
    }
    return next;
  }

  private static void header(
      DataOutputStream out, int payload, boolean marker, int sequence, long ticks)
      throws IOException {
    out.write('$');
    out.write(0);
    out.writeShort(payload + 12);
    out.write(0x80);
    out.write(96 | (marker ? 0x80 : 0));
    out.writeShort(sequence);
    out.writeInt((int) ticks);
    out.writeInt(0x5167);
  }

  /** The units of a byte stream (ITU-T H.264, Annex B); notes the parameter sets. */
  private List<byte[]> units(byte[] stream) {
    List<byte[]> units = new ArrayList<>();
    int begin = -1;
    for (int at = 0; at + 3 <= stream.length; at++) {
      if (stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 1) {
        add(units, stream, begin, at);
        begin = at + 3;
        at += 2;
      }
    }
    add(units, stream, begin, stream.length);
    return units;
  }

  private void add(List<byte[]> units, byte[] stream, int begin, int end) {
    int until = end;
    while (begin >= 0 && until > begin && stream[until - 1] == 0) {
      until--;
    }
    if (begin < 0 || until == begin) {
      return;
    }
    byte[] unit = java.util.Arrays.copyOfRange(stream, begin, until);
    int type = unit[0] & 0x1f;
    sps = type == 7 ? unit : sps;
    pps = type == 8 ? unit : pps;
    if (type != 9) {
      units.add(unit);
    }
  }
}
