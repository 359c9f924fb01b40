package io.sightline.edgecapture.mjpeg;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A camera on a real socket, which does what a test has it do. */
public final class CameraServer implements AutoCloseable {

  public static final String USER = "ädmin \"x\"";
  public static final String PASSWORD = "p:a/s@s %41 ü\\";

  /** The same, for a URL. */
  public static final String CREDENTIALS =
      "%C3%A4dmin%20%22x%22:p%3Aa%2Fs%40s%20%2541%20%C3%BC%5C@";

  private static final Pattern PARAMETER =
      Pattern.compile("([a-z]+\\*?)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^, ]+))");

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Handler<HttpServerRequest>> paths = new ConcurrentHashMap<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int port;

  public CameraServer() {
    comeBack();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /** With the right credentials, percent-encoded. */
  public String lockedUrl(String path) {
    return "http://" + CREDENTIALS + "127.0.0.1:" + port + path;
  }

  /** Paths asked for, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  public List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  public CameraServer at(String path, Handler<HttpServerRequest> answer) {
    paths.put(path, answer);
    return this;
  }

  /** Parts by the book, then nothing more; the connection stays. */
  public CameraServer pictures(String path, List<byte[]> pictures) {
    return at(path, request -> send(begin(request, "b"), parts(pictures)));
  }

  /** The pictures again and again, one every so many milliseconds. */
  public CameraServer endless(String path, List<byte[]> pictures, int everyMillis) {
    return at(
        path,
        request -> {
          HttpServerResponse response = begin(request, "b");
          int[] next = new int[1];
          vertx.setPeriodic(
              1,
              everyMillis,
              timer -> {
                if (response.closed() || response.ended()) {
                  vertx.cancelTimer(timer);
                  return;
                }
                send(response, parts(List.of(pictures.get(next[0]++ % pictures.size()))));
              });
        });
  }

  public CameraServer status(String path, int status) {
    return at(path, request -> request.response().setStatusCode(status).end());
  }

  public CameraServer redirect(String path, String location) {
    return at(
        path,
        request -> request.response().setStatusCode(302).putHeader("Location", location).end());
  }

  public static HttpServerResponse begin(HttpServerRequest request, String boundary) {
    return request
        .response()
        .setChunked(true)
        .putHeader("Content-Type", "multipart/x-mixed-replace; boundary=" + boundary);
  }

  public static void send(HttpServerResponse response, byte[] bytes) {
    response.write(Buffer.buffer(bytes));
  }

  /** With the boundary b. */
  public static byte[] parts(List<byte[]> pictures) {
    Buffer parts = Buffer.buffer();
    for (byte[] picture : pictures) {
      parts
          .appendString("--b\r\nContent-Type: image/jpeg\r\nContent-Length: ")
          .appendString(picture.length + "\r\nX-Timestamp: 17.25\r\n\r\n")
          .appendBytes(picture)
          .appendString("\r\n");
    }
    return parts.getBytes();
  }

  /** Puts Basic authentication before what is at a path. */
  public CameraServer basic(String path) {
    Handler<HttpServerRequest> behind = paths.get(path);
    String right =
        "Basic "
            + java.util.Base64.getEncoder()
                .encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    return at(
        path,
        request -> {
          if (right.equals(request.getHeader("Authorization"))) {
            behind.handle(request);
          } else {
            request
                .response()
                .setStatusCode(401)
                .putHeader("WWW-Authenticate", "Basic realm=\"cam\", charset=\"UTF-8\"")
                .end("no");
          }
        });
  }

  /**
   * Puts Digest authentication (RFC 7616) before what is at a path.
   *
   * @param algorithms that are offered, in order: MD5, SHA-256
   */
  public CameraServer digest(String path, String... algorithms) {
    return digestFor(path, USER, PASSWORD, algorithms);
  }

  CameraServer digestFor(String path, String user, String password, String... algorithms) {
    Handler<HttpServerRequest> behind = paths.get(path);
    Map<String, Integer> counts = new HashMap<>();
    return at(
        path,
        request -> {
          Map<String, String> given = parameters(request.getHeader("Authorization"));
          String nonce = given.get("nonce");
          boolean known = nonce != null && counts.containsKey(nonce);
          if (known && isRight(request, given, user, password, counts)) {
            behind.handle(request);
            return;
          }
          List<String> challenges = new ArrayList<>();
          for (String algorithm : algorithms) {
            String fresh = "n" + algorithm + counts.size();
            counts.put(fresh, 0);
            challenges.add(
                "Digest realm=\"c, \\\"m\\\"\", qop=\"auth,auth-int\", nonce=\""
                    + fresh
                    + "\", opaque=\"o\", charset=UTF-8, algorithm="
                    + algorithm);
          }
          request.response().setStatusCode(401).putHeader("WWW-Authenticate", challenges).end("no");
        });
  }

  private static boolean isRight(
      HttpServerRequest request,
      Map<String, String> given,
      String user,
      String password,
      Map<String, Integer> counts) {
    String algorithm = given.getOrDefault("algorithm", "MD5");
    int count = Integer.parseInt(given.getOrDefault("nc", "0"), 16);
    if (count != counts.get(given.get("nonce")) + 1
        || !request.uri().equals(given.get("uri"))
        || !"auth".equals(given.get("qop"))
        || !"o".equals(given.get("opaque"))
        || !user.equals(given.get("username"))) {
      return false;
    }
    counts.put(given.get("nonce"), count);
    String a1 = hash(algorithm, user + ":" + given.get("realm") + ":" + password);
    String a2 = hash(algorithm, "GET:" + request.uri());
    String right =
        hash(
            algorithm,
            String.join(
                ":", a1, given.get("nonce"), given.get("nc"), given.get("cnonce"), "auth", a2));
    return right.equals(given.get("response"));
  }

  private static Map<String, String> parameters(String header) {
    Map<String, String> parameters = new HashMap<>();
    if (header != null && header.startsWith("Digest ")) {
      // What is on the wire is UTF-8; Netty reads headers as ISO 8859-1.
      String text =
          new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      Matcher matcher = PARAMETER.matcher(text);
      while (matcher.find()) {
        String quoted = matcher.group(2);
        parameters.put(
            matcher.group(1),
            quoted == null ? matcher.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
      }
    }
    // RFC 5987: how a name travels that no quoted string can hold.
    String encoded = parameters.remove("username*");
    if (encoded != null && encoded.startsWith("UTF-8''")) {
      String name = encoded.substring("UTF-8''".length());
      parameters.put("username", URLDecoder.decode(name, StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static String hash(String algorithm, String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance(algorithm.replace("SHA-512-256", "SHA-512/256"))
                  .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its connections break, and nobody listens any more. */
  public void kill() {
    await(server.close());
  }

  public void comeBack() {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setHost("127.0.0.1").setPort(port).setReuseAddress(true))
            .requestHandler(
                request -> {
                  asked.add(request.path());
                  authorizations.add(String.valueOf(request.getHeader("Authorization")));
                  paths
                      .getOrDefault(
                          request.path(), none -> none.response().setStatusCode(404).end())
                      .handle(request);
                });
    await(server.listen());
    port = server.actualPort();
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static void await(Future<?> future) {
    try {
      future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
