package io.sightline.bench.capture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Any number of cameras that send the same stream over HTTP, each from its beginning, at the pace
 * at which it plays. One thread for all, without copies or garbage: what cameras cost is not what
 * is measured, and they run on the same machine. What is told may be asked for by any thread.
 */
final class Cameras {

  /** One picture of 30 a second is due each time, or two. */
  private static final long LOOK_NANOS = 40_000_000;

  /** Their keyframes are spread over one GOP, as those of real cameras are. */
  private static final long SPREAD_MILLIS = 2_000;

  private static final int MAX_REQUEST_BYTES = 4_096;
  private static final int BACKLOG = 1_024;
  private static final Pattern REQUEST =
      Pattern.compile("GET /([a-z0-9-]+)\\.ts\\?place=([0-9.]+) .*\r\n\r\n", Pattern.DOTALL);
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final TransportStream stream;
  private final ServerSocketChannel server;
  private final List<Camera> cameras = new ArrayList<>();
  private final Map<String, Long> startedMillis = new ConcurrentHashMap<>();
  private final Map<String, Integer> connections = new ConcurrentHashMap<>();

  Cameras(TransportStream stream) throws IOException {
    this.stream = stream;
    this.server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.configureBlocking(false);
    Thread thread = new Thread(this::run, "cameras");
    thread.setDaemon(true);
    thread.start();
  }

  /** They are at {@code /STREAM.ts?place=0.5}, a fraction of the spread. */
  int port() {
    return server.socket().getLocalPort();
  }

  /** When a camera began to send, last; -1 before. */
  long startedMillis(String name) {
    return startedMillis.getOrDefault(name, -1L);
  }

  /** How often a camera was connected to. */
  int connections(String name) {
    return connections.getOrDefault(name, 0);
  }

  static long now() {
    return System.nanoTime() / 1_000_000;
  }

  private void run() {
    long next = System.nanoTime();
    while (true) {
      try {
        for (SocketChannel one = server.accept(); one != null; one = server.accept()) {
          one.configureBlocking(false);
          cameras.add(new Camera(one));
        }
      } catch (IOException e) {
        throw new IllegalStateException("No camera can be connected to", e);
      }
      cameras.removeIf(Camera::isOver);
      next = Math.max(next + LOOK_NANOS, System.nanoTime());
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private final class Camera {

    private final SocketChannel socket;
    private final ByteBuffer request = ByteBuffer.allocate(MAX_REQUEST_BYTES);
    private final ByteBuffer content = stream.content();
    private long startMillis = -1;

    Camera(SocketChannel socket) {
      this.socket = socket;
    }

    /** Does what is due. */
    boolean isOver() {
      try {
        if (startMillis < 0) {
          return !understood();
        }
        long since = now() - startMillis;
        if (since >= 0) {
          // What the reader does not take waits in its order; it is late then.
          content.limit(stream.dueBytes(since));
          socket.write(content);
        }
        if (content.position() < stream.length()) {
          return false;
        }
        socket.close();
      } catch (IOException e) {
        // The reader has gone.
      }
      return true;
    }

    /** Reads the request; false when it is none. */
    private boolean understood() throws IOException {
      if (socket.read(request) < 0 || !request.hasRemaining()) {
        socket.close();
        return false;
      }
      String text = new String(request.array(), 0, request.position(), StandardCharsets.US_ASCII);
      Matcher matcher = REQUEST.matcher(text);
      if (matcher.matches()) {
        startMillis = now() + (long) (Double.parseDouble(matcher.group(2)) * SPREAD_MILLIS);
        startedMillis.put(matcher.group(1), startMillis);
        connections.merge(matcher.group(1), 1, Integer::sum);
        socket.write(ByteBuffer.wrap(ANSWER));
      }
      return true;
    }
  }
}
