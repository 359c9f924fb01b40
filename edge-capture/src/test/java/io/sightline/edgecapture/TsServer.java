package io.sightline.edgecapture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A camera that sends a transport stream over HTTP: all it has at once, then silence until it is
 * killed. Or at the pace at which it plays, from a second before where it is now, as long as it is
 * not told to be silent. It comes back on the same port.
 */
final class TsServer implements AutoCloseable {

  private static final int TS_PACKET = 188;
  private static final long SLICE_MILLIS = 40;

  private final byte[] content;

  /** 0 for all at once. */
  private final double seconds;

  private final long bornNanos = System.nanoTime();
  private final List<Socket> connections = new ArrayList<>();
  private ServerSocket server;
  private int port;
  private String status = "200 OK";
  private int served;
  private boolean silent;

  TsServer(byte[] content) throws IOException {
    this(content, 0);
  }

  /**
   * @param seconds how long it plays
   */
  TsServer(byte[] content, double seconds) throws IOException {
    this.content = content;
    this.seconds = seconds;
    comeBack();
  }

  /** Connected, and nothing comes. */
  synchronized void silent(boolean now) {
    silent = now;
    notifyAll();
  }

  String safeUrl() {
    return "http://127.0.0.1:" + port + "/stream.ts";
  }

  String url() {
    return "http://camera:secret@127.0.0.1:" + port + "/stream.ts";
  }

  synchronized void answer(String newStatus) {
    status = newStatus;
  }

  synchronized int served() {
    return served;
  }

  /** Its connections break, and nobody listens any more. */
  synchronized void kill() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
    connections.clear();
  }

  synchronized void comeBack() throws IOException {
    ServerSocket fresh = new ServerSocket();
    fresh.setReuseAddress(true);
    // Somebody who tries to connect to a port that nobody listens on may have it for a moment.
    Eventually.until("a free port", () -> bound(fresh));
    server = fresh;
    port = fresh.getLocalPort();
    Thread acceptor = new Thread(() -> accept(fresh), "camera");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  private boolean bound(ServerSocket fresh) {
    try {
      fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    kill();
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
          connections.add(connection);
        }
        Thread sender = new Thread(() -> serve(connection), "camera-connection");
        sender.setDaemon(true);
        sender.start();
      } catch (IOException e) {
        // Killed.
      }
    }
  }

  private void serve(Socket connection) {
    try {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
      String line = in.readLine();
      while (line != null && !line.isEmpty()) {
        line = in.readLine();
      }
      String answer;
      synchronized (this) {
        answer = status;
      }
      boolean fine = answer.startsWith("200");
      OutputStream out = connection.getOutputStream();
      out.write(
          ("HTTP/1.1 "
                  + answer
                  + "\r\nContent-Type: video/mp2t\r\nConnection: close\r\n"
                  + (fine ? "" : "WWW-Authenticate: Basic realm=\"camera\"\r\n")
                  + (fine ? "" : "Content-Length: 0\r\n")
                  + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      if (!fine) {
        connection.close();
        return;
      }
      synchronized (this) {
        served++;
      }
      if (seconds == 0) {
        out.write(content);
        out.flush();
      } else {
        play(out, connection);
      }
    } catch (IOException | InterruptedException e) {
      // The other end left.
    }
  }

  private void play(OutputStream out, Socket connection) throws IOException, InterruptedException {
    int sent = Math.max(0, byteAt(now() - 1));
    while (sent < content.length) {
      synchronized (this) {
        wait(SLICE_MILLIS);
        if (connection.isClosed()) {
          return;
        }
        if (silent) {
          continue;
        }
      }
      int until = byteAt(now());
      if (until > sent) {
        out.write(content, sent, until - sent);
        out.flush();
        sent = until;
      }
    }
  }

  private double now() {
    return (System.nanoTime() - bornNanos) / 1e9;
  }

  private int byteAt(double second) {
    int packets = (int) (second / seconds * content.length / TS_PACKET);
    return Math.min(content.length, packets * TS_PACKET);
  }
}
