package io.sightline.edgecapture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Something on the network that means no good: says what it wants to whoever connects. */
final class HostileServer implements AutoCloseable {

  /** What is said over one connection; until it ends, or the other end has had enough. */
  interface Answer {
    void say(String request, OutputStream out) throws IOException, InterruptedException;
  }

  private static final int MAX_REQUEST = 65_536;

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Answer answer;

  HostileServer(Answer answer) throws IOException {
    this.answer = answer;
    daemon(this::accept);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getLocalPort() + path;
  }

  int port() {
    return server.getLocalPort();
  }

  /** What it was asked for: the first line of each request. */
  List<String> requests() {
    return requests;
  }

  static void header(OutputStream out, String type) throws IOException {
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nConnection: close\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      String request = request(socket.getInputStream());
      requests.add(request.lines().findFirst().orElse(""));
      answer.say(request, socket.getOutputStream());
    } catch (IOException e) {
      // The other end left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String request(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int next; text.length() < MAX_REQUEST && (next = in.read()) >= 0; ) {
      text.append((char) next);
      if (text.length() >= 4 && text.substring(text.length() - 4).equals("\r\n\r\n")) {
        break;
      }
    }
    return text.toString();
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "hostile");
    thread.setDaemon(true);
    thread.start();
  }
}
