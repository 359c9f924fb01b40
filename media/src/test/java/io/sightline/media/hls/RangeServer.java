package io.sightline.media.hls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves bytes by path, in ranges, as the gateway does. */
final class RangeServer implements AutoCloseable {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final HttpServer server;

  RangeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  void put(String path, byte[] content) {
    files.put("/" + path, content);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + path;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] content = files.get(exchange.getRequestURI().getPath());
      if (content == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      String range = exchange.getRequestHeaders().getFirst("Range");
      Matcher matcher = RANGE.matcher(range == null ? "" : range);
      int from = 0;
      int to = content.length;
      if (matcher.matches()) {
        from = Integer.parseInt(matcher.group(1));
        to = matcher.group(2).isEmpty() ? to : Integer.parseInt(matcher.group(2)) + 1;
        to = Math.min(to, content.length);
        exchange
            .getResponseHeaders()
            .add("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
      }
      exchange.sendResponseHeaders(range == null ? 200 : 206, Math.max(1, to - from));
      exchange.getResponseBody().write(content, from, to - from);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
