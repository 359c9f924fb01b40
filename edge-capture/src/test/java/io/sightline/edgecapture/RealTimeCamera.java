package io.sightline.edgecapture;

import io.sightline.media.testing.TestVideo;
import io.sightline.records.Positions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A camera that films for ever, at the pace of its pictures, whether or not somebody watches: a
 * transport stream over HTTP. Who connects sees what it films from the next keyframe on; who cannot
 * follow for some seconds misses what lies between.
 */
final class RealTimeCamera implements AutoCloseable {

  private static final int PATIENCE_UNITS = 200;

  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final Thread filming = new Thread(this::filmForEver, "camera-filming");
  private ServerSocket server;
  private int port;
  private TsFilm film;
  private TsFilm nextFilm;
  private long jumpTicks;
  private long filmBeganNanos;
  private long filmBeganMicros;
  private long filmTicks;
  private boolean mute;
  private volatile boolean closed;

  RealTimeCamera(TestVideo video) throws IOException {
    this(video, 0);
  }

  /**
   * @param ticks the time that its first picture carries, as 1/90000 s
   */
  RealTimeCamera(TestVideo video, long ticks) throws IOException {
    this(video, ticks, 0);
  }

  private RealTimeCamera(TestVideo video, long ticks, int agoSeconds) throws IOException {
    film = load(video);
    filmTicks = ticks;
    filmBeganNanos = System.nanoTime() - TimeUnit.SECONDS.toNanos(agoSeconds);
    filmBeganMicros = Positions.of(Instant.now()) - agoSeconds * Positions.MICROS_PER_SECOND;
    comeBack();
    filming.setDaemon(true);
    filming.start();
  }

  /** One that has filmed for so long already. */
  static RealTimeCamera filmingFor(int seconds, TestVideo video) throws IOException {
    return new RealTimeCamera(video, 0, seconds);
  }

  String url() {
    return "http://127.0.0.1:" + port + "/live.ts";
  }

  int port() {
    return port;
  }

  /** When a picture of its present film is filmed, on the clock of this machine. */
  synchronized long filmedMicros(int picture) {
    TsFilm.Unit unit = film.units().get(picture);
    return filmBeganMicros + unit.ticks() * 100 / 9;
  }

  /** From its next keyframe on it films another video, from that one's beginning. */
  void film(TestVideo video) {
    TsFilm loaded = load(video);
    synchronized (this) {
      nextFilm = loaded;
    }
  }

  /** From its next keyframe on its times are later by so much; what it films goes on. */
  synchronized void jump(long ticks) {
    jumpTicks = ticks;
  }

  /** It goes on filming, and its connections stay, but nothing is sent. */
  synchronized void mute(boolean now) {
    mute = now;
  }

  /** Its connections break, and nobody listens any more. */
  synchronized void kill() throws IOException {
    server.close();
    for (Watcher watcher : watchers) {
      watcher.leave();
    }
  }

  synchronized void comeBack() throws IOException {
    ServerSocket fresh = new ServerSocket();
    fresh.setReuseAddress(true);
    fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server = fresh;
    port = fresh.getLocalPort();
    Thread acceptor = new Thread(() -> accept(fresh), "camera-door");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    LockSupport.unpark(filming);
    kill();
  }

  private static TsFilm load(TestVideo video) {
    return TsFilm.read(video.container(TestVideo.Container.TS).file());
  }

  private void filmForEver() {
    int next = 0;
    while (!closed) {
      TsFilm.Unit unit;
      byte[] packets;
      long atNanos;
      synchronized (this) {
        if (next == film.units().size()) {
          next = 0;
          begin(film, film.durationTicks());
        }
        unit = film.units().get(next);
        if (unit.keyframe() && nextFilm != null) {
          begin(nextFilm, unit.ticks());
          nextFilm = null;
          next = 0;
          unit = film.units().get(0);
        }
        if (unit.keyframe()) {
          filmTicks += jumpTicks;
          jumpTicks = 0;
        }
        packets = TsFilm.moved(unit.packets(), filmTicks);
        atNanos = filmBeganNanos + nanos(unit.ticks());
      }
      await(atNanos);
      boolean sent = read(() -> !mute);
      for (Watcher watcher : watchers) {
        if (sent) {
          watcher.show(unit.keyframe(), read(film::tables), packets);
        }
      }
      next++;
    }
  }

  private synchronized <T> T read(java.util.function.Supplier<T> look) {
    return look.get();
  }

  /** Another film follows the present one after so much of it. */
  private void begin(TsFilm following, long afterTicks) {
    filmBeganNanos += nanos(afterTicks);
    filmBeganMicros += afterTicks * 100 / 9;
    filmTicks += afterTicks;
    film = following;
  }

  private static long nanos(long ticks) {
    return ticks * 100_000 / 9;
  }

  private void await(long atNanos) {
    for (long rest; !closed && (rest = atNanos - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(rest);
    }
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket connection = from.accept();
        synchronized (this) {
          if (from.isClosed()) {
            // It came in the moment of the kill.
            connection.close();
            return;
          }
          Watcher watcher = new Watcher(connection);
          watchers.add(watcher);
          watcher.begin();
        }
      } catch (IOException e) {
        // Killed.
      }
    }
  }

  /** Somebody who is connected. */
  private final class Watcher {

    private final Socket connection;
    private final BlockingQueue<byte[]> ahead = new ArrayBlockingQueue<>(PATIENCE_UNITS);
    private final Thread sender = new Thread(this::serve, "camera-connection");
    private boolean following;

    Watcher(Socket connection) {
      this.connection = connection;
    }

    void begin() {
      sender.setDaemon(true);
      sender.start();
    }

    void show(boolean keyframe, byte[] tables, byte[] packets) {
      if (keyframe) {
        following = ahead.offer(tables) && ahead.offer(packets);
      } else if (following) {
        following = ahead.offer(packets);
      }
    }

    void leave() throws IOException {
      watchers.remove(this);
      try {
        connection.setSoLinger(true, 0);
      } catch (SocketException e) {
        // It has left by itself in this moment.
      }
      connection.close();
      sender.interrupt();
    }

    private void serve() {
      try (connection) {
        InputStream in = connection.getInputStream();
        for (int line = 0; line != 1; ) {
          int length = 0;
          for (int next; (next = in.read()) != '\n'; length++) {
            if (next < 0) {
              return;
            }
          }
          line = length;
        }
        OutputStream out = connection.getOutputStream();
        out.write(
            "HTTP/1.1 200 OK\r\nContent-Type: video/mp2t\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        while (true) {
          out.write(ahead.take());
        }
      } catch (IOException | InterruptedException e) {
        // The other end left, or the camera was killed.
      } finally {
        watchers.remove(this);
      }
    }
  }
}
