package io.sightline.edgecapture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A network between two programs that does what networks do. Carries TCP to a port of loopback. */
final class FaultyLink implements AutoCloseable {

  /** TCP waits at least that long before it sends again what was lost (RFC 6298; Linux). */
  private static final long SENT_AGAIN_MILLIS = 200;

  private static final int SEGMENT = 1_448;

  private final int target;
  private final Random random = new Random(5);
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private volatile boolean cut;
  private volatile double lost;
  private volatile boolean closed;

  FaultyLink(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Nothing passes, in either direction, and nobody is told; or everything does again. */
  void cut(boolean now) {
    cut = now;
    connections.forEach(Connection::look);
  }

  /** The other end of what is open now is gone for good, and nobody is told. */
  void forget() {
    connections.forEach(connection -> connection.forgotten = true);
  }

  /** What is open breaks. */
  void reset() {
    connections.forEach(Connection::reset);
  }

  /** So much of what is sent is lost and sent again, and everything behind it waits. */
  void lose(double share) {
    lost = share;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    reset();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket near = server.accept();
        Connection connection = new Connection(near);
        connections.add(connection);
        daemon(connection::open);
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "link");
    thread.setDaemon(true);
    thread.start();
  }

  private final class Connection {

    private final Socket near;
    private Socket far;
    private volatile boolean forgotten;

    Connection(Socket near) {
      this.near = near;
    }

    void open() {
      try {
        awaitPassing();
        Socket opened = new Socket();
        opened.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
        synchronized (this) {
          far = opened;
        }
        daemon(() -> carry(near, opened));
        carry(opened, near);
      } catch (IOException | InterruptedException e) {
        reset();
      }
    }

    synchronized void look() {
      notifyAll();
    }

    synchronized void reset() {
      connections.remove(this);
      for (Socket socket : new Socket[] {near, far}) {
        try {
          if (socket != null) {
            socket.setSoLinger(true, 0);
            socket.close();
          }
        } catch (IOException e) {
          // It is closed.
        }
      }
      notifyAll();
    }

    private void carry(Socket from, Socket to) {
      byte[] segment = new byte[SEGMENT];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int length; (length = in.read(segment)) >= 0; ) {
          awaitPassing();
          if (lost > 0 && random.nextDouble() < lost) {
            TimeUnit.MILLISECONDS.sleep(SENT_AGAIN_MILLIS);
          }
          out.write(segment, 0, length);
        }
        to.shutdownOutput();
      } catch (IOException e) {
        if (!forgotten) {
          reset();
        }
      } catch (InterruptedException e) {
        reset();
      }
    }

    private synchronized void awaitPassing() throws InterruptedException {
      while ((cut || forgotten) && !near.isClosed()) {
        wait();
      }
    }
  }
}
