package io.sightline.edgecapture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A camera that sends a transport stream over HTTP: all it has at once, then silence until it is
 * killed. It comes back on the same port.
 */
final class TsServer implements AutoCloseable {

  private final byte[] content;
  private final List<Socket> connections = new ArrayList<>();
  private ServerSocket server;
  private int port;
  private String status = "200 OK";
  private int served;

  TsServer(byte[] content) throws IOException {
    this.content = content;
    comeBack();
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
    fresh.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server = fresh;
    port = fresh.getLocalPort();
    Thread acceptor = new Thread(() -> accept(fresh), "camera");
    acceptor.setDaemon(true);
    acceptor.start();
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
      out.write(content);
      out.flush();
    } catch (IOException e) {
      // The other end left.
    }
  }
}
