package io.sightline.edgecapture.kvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Kinesis Video Streams with one stream, as its API reference has it: GetDataEndpoint,
 * GetHLSStreamingSessionURL, and the HLS of a session, a fragment a second, its times going on from
 * session to session. Whatever a request breaks of the reference is answered as an error and noted.
 */
public final class KvsServer implements AutoCloseable {

  public static final String STREAM = "lobby";
  public static final String REGION = "eu-west-1";
  public static final String SECRET = "CiD-kept.to_us+/alone=";

  /** Fragments that are there when the first session begins. */
  private static final int FIRST_AT_ONCE = 4;

  private static final Pattern SIGNATURE =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=[A-Z0-9]{16,128}/[0-9]{8}/([a-z0-9-]+)/([a-z0-9]+)/"
              + "aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}");
  private static final Set<String> SESSION_FIELDS =
      Set.of(
          "StreamName",
          "StreamARN",
          "PlaybackMode",
          "HLSFragmentSelector",
          "ContainerFormat",
          "DiscontinuityMode",
          "DisplayFragmentTimestamp",
          "Expires",
          "MaxMediaPlaylistFragmentResults");

  /** An error to be answered instead. */
  private record Failure(int status, String type, String message) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, List<byte[]>> fragments = new HashMap<>();
  private final Map<String, byte[]> inits = new HashMap<>();
  private final List<String> breaches = new ArrayList<>();
  private final Map<String, Deque<Failure>> failures = new HashMap<>();
  private final Set<String> sessions = new HashSet<>();
  private int opened;
  private long startNanos;

  /**
   * @param folder for what is made
   */
  public KvsServer(TestVideo video, Path folder) throws IOException {
    make(video, "video", "0:v", Files.createDirectories(folder.resolve("video")));
    make(video, "audio", "0:a", Files.createDirectories(folder.resolve("audio")));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/getDataEndpoint", exchange -> api(exchange, this::dataEndpoint));
    server.createContext("/getHLSStreamingSessionURL", exchange -> api(exchange, this::session));
    server.createContext("/hls/v1/", this::hls);
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next calls of an operation are answered so, one by one. */
  public synchronized void fail(String operation, int status, String type, String message) {
    failures
        .computeIfAbsent(operation, key -> new ArrayDeque<>())
        .add(new Failure(status, type, message));
  }

  /** Video comes anew, from the next session on. */
  public synchronized void begin() {
    sessions.clear();
    opened = 0;
  }

  /** All sessions end before their time. */
  public synchronized void expireSessions() {
    sessions.clear();
  }

  /** How many sessions were opened. */
  public synchronized int opened() {
    return opened;
  }

  /** How many fragments there are, whether they have come yet or not. */
  public int fragments() {
    return fragments.get("video").size();
  }

  public synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  private interface Operation {
    String answer(JsonNode request) throws Refusal;
  }

  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String type;

    Refusal(int status, String type, String message) {
      super(message);
      this.status = status;
      this.type = type;
    }
  }

  private void api(HttpExchange exchange, Operation operation) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(1);
    byte[] body = exchange.getRequestBody().readAllBytes();
    try {
      Failure failure;
      synchronized (this) {
        failure = failures.getOrDefault(path, new ArrayDeque<>()).poll();
      }
      if (failure != null) {
        throw new Refusal(failure.status, failure.type, failure.message);
      }
      signed(exchange);
      if (!exchange.getRequestMethod().equals("POST")) {
        throw new Refusal(405, "MethodNotAllowed", "POST it");
      }
      String answer = operation.answer(Json.MAPPER.readTree(body));
      answer(exchange, 200, "application/json", answer.getBytes(StandardCharsets.UTF_8));
    } catch (Refusal e) {
      if (e.status == 418) {
        synchronized (this) {
          breaches.add(path + ": " + e.getMessage());
        }
      }
      exchange.getResponseHeaders().set("x-amzn-ErrorType", e.type);
      answer(
          exchange,
          e.status == 418 ? 400 : e.status,
          "application/json",
          Json.encode(Map.of("Message", e.getMessage())));
    }
  }

  /**
   * That it is signed for this service and region; the signature itself is the SDK's own matter.
   */
  private static void signed(HttpExchange exchange) throws Refusal {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    Matcher signature = SIGNATURE.matcher(String.valueOf(header));
    if (!signature.matches()) {
      throw breach("MissingAuthenticationTokenException", "Not signed: " + header);
    }
    if (!signature.group(1).equals(REGION) || !signature.group(2).equals("kinesisvideo")) {
      throw breach("InvalidSignatureException", "Scope: " + header);
    }
    List<String> headers = List.of(signature.group(3).split(";"));
    if (!headers.contains("host") || !headers.contains("x-amz-date")) {
      throw breach("InvalidSignatureException", "Signed headers: " + headers);
    }
  }

  private static Refusal breach(String type, String message) {
    return new Refusal(418, type, message);
  }

  private static void only(JsonNode request, Set<String> fields) throws Refusal {
    for (Iterator<String> names = request.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!fields.contains(name)) {
        throw breach("InvalidArgumentException", "Unknown field " + name);
      }
    }
  }

  private String dataEndpoint(JsonNode request) throws Refusal {
    only(request, Set.of("StreamName", "StreamARN", "APIName"));
    if (!request.path("APIName").asText().equals("GET_HLS_STREAMING_SESSION_URL")) {
      throw breach("InvalidArgumentException", "APIName " + request.path("APIName"));
    }
    named(request);
    return "{\"DataEndpoint\":\"" + endpoint() + "\"}";
  }

  private static void named(JsonNode request) throws Refusal {
    String name = request.path("StreamName").asText();
    if (!name.matches("[a-zA-Z0-9_.-]{1,256}") || request.has("StreamARN")) {
      throw breach("InvalidArgumentException", "StreamName " + name);
    }
    if (!name.equals(STREAM)) {
      throw new Refusal(404, "ResourceNotFoundException", "The requested stream is not found");
    }
  }

  private String session(JsonNode request) throws Refusal {
    only(request, SESSION_FIELDS);
    named(request);
    int expires = request.path("Expires").asInt(300);
    int most = request.path("MaxMediaPlaylistFragmentResults").asInt(5);
    JsonNode selector = request.path("HLSFragmentSelector");
    if (expires < 300 || expires > 43_200 || most < 1 || most > 5_000) {
      throw breach("InvalidArgumentException", "Expires " + expires + ", fragments " + most);
    }
    if (!request.path("PlaybackMode").asText("LIVE").equals("LIVE")
        || selector.has("TimestampRange")) {
      throw breach("InvalidArgumentException", "No live session: " + request);
    }
    if (!selector.path("FragmentSelectorType").asText().equals("PRODUCER_TIMESTAMP")
        || !request.path("DiscontinuityMode").asText().equals("NEVER")
        || !request.path("ContainerFormat").asText("FRAGMENTED_MP4").equals("FRAGMENTED_MP4")) {
      throw breach("InvalidArgumentException", "This server plays those times alone: " + request);
    }
    String token;
    synchronized (this) {
      startNanos = opened == 0 ? System.nanoTime() : startNanos;
      token = SECRET + ++opened;
      sessions.add(token);
    }
    return "{\"HLSStreamingSessionURL\":\""
        + endpoint()
        + "/hls/v1/getHLSMasterPlaylist.m3u8?SessionToken="
        + encoded(token)
        + "\"}";
  }

  private static String encoded(String token) {
    return java.net.URLEncoder.encode(token, StandardCharsets.UTF_8);
  }

  private void hls(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring("/hls/v1/".length());
    Map<String, String> query = new HashMap<>();
    for (String each : String.valueOf(exchange.getRequestURI().getRawQuery()).split("&")) {
      int equals = each.indexOf('=');
      if (equals > 0) {
        query.put(
            each.substring(0, equals),
            java.net.URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    String token = query.getOrDefault("SessionToken", "");
    boolean known;
    synchronized (this) {
      known = sessions.contains(token);
    }
    if (!known) {
      answer(exchange, 403, "text/plain", "The session has expired".getBytes());
      return;
    }
    String track = "2".equals(query.get("TrackNumber")) ? "audio" : "video";
    String secret = "SessionToken=" + encoded(token);
    switch (path) {
      case "getHLSMasterPlaylist.m3u8" ->
          answer(exchange, 200, "application/x-mpegURL", master(secret).getBytes());
      case "getHLSMediaPlaylist.m3u8" ->
          answer(exchange, 200, "application/x-mpegURL", media(secret, track).getBytes());
      case "getMP4InitFragment.mp4" -> answer(exchange, 200, "video/mp4", inits.get(track));
      case "getMP4MediaFragment.mp4" ->
          answer(
              exchange,
              200,
              "video/mp4",
              fragments.get(track).get(Integer.parseInt(query.get("FragmentNumber"))));
      default -> answer(exchange, 404, "text/plain", new byte[0]);
    }
  }

  private String master(String secret) {
    return "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n"
        + "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"audio\",DEFAULT=YES,AUTOSELECT=YES,"
        + "URI=\"getHLSMediaPlaylist.m3u8?"
        + secret
        + "&TrackNumber=2\"\n"
        + "#EXT-X-STREAM-INF:BANDWIDTH=800000,CODECS=\"avc1.42c01e,mp4a.40.2\",AUDIO=\"audio\"\n"
        + "getHLSMediaPlaylist.m3u8?"
        + secret
        + "&TrackNumber=1\n";
  }

  private String media(String secret, String track) {
    int passed;
    synchronized (this) {
      passed = (int) ((System.nanoTime() - startNanos) / 1_000_000_000L);
    }
    int end = Math.min(FIRST_AT_ONCE + passed, fragments.get(track).size());
    int first = Math.max(0, end - 10);
    StringBuilder text =
        new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:1\n")
            .append("#EXT-X-MEDIA-SEQUENCE:")
            .append(first + 1)
            .append("\n#EXT-X-MAP:URI=\"getMP4InitFragment.mp4?")
            .append(secret)
            .append(track.equals("audio") ? "&TrackNumber=2" : "&TrackNumber=1")
            .append("\"\n");
    for (int n = first; n < end; n++) {
      text.append("#EXTINF:1.0,\ngetMP4MediaFragment.mp4?FragmentNumber=")
          .append(n)
          .append('&')
          .append(secret)
          .append(track.equals("audio") ? "&TrackNumber=2\n" : "&TrackNumber=1\n");
    }
    return text.toString();
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  private void make(TestVideo video, String name, String map, Path folder) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-i", video.file().toString()));
    arguments.addAll(List.of("-map", map, "-c", "copy", "-f", "hls", "-hls_time", "1"));
    arguments.addAll(List.of("-hls_segment_type", "fmp4", "-hls_list_size", "0"));
    arguments.addAll(List.of("-hls_segment_filename", folder.resolve("%05d.m4s").toString()));
    arguments.add(folder.resolve("list.m3u8").toString());
    assertThat(FfmpegProgram.ffmpeg(arguments).exitCode()).isZero();
    inits.put(name, Files.readAllBytes(folder.resolve("init.mp4")));
    List<byte[]> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".m4s")).sorted().toList()) {
        all.add(Files.readAllBytes(file));
      }
    }
    fragments.put(name, all);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
