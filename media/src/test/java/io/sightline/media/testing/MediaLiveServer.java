package io.sightline.media.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sightline.records.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of MediaLive as is asked here, on this machine: channels that start and stop, listed in
 * pages, described, and their thumbnails. It answers in the shapes of the service's API reference,
 * refuses what the service would refuse, and notes every request that is not as it should be.
 * Thread-safe.
 */
public final class MediaLiveServer implements AutoCloseable {

  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=[A-Z0-9]+/\\d{8}/([a-z0-9-]+)/medialive/aws4_request,"
              + " SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}");
  private static final Pattern PATH = Pattern.compile("/prod/channels(?:/([^/]+)(/thumbnails)?)?");
  private static final String ACCOUNT = "111122223333";

  private final String region;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Channel> channels = new TreeMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private int pageSize = 100;

  private static final class Channel {
    String id;
    String name;
    boolean standard;
    String state = "IDLE";
    boolean thumbnailsDisabled;
    final Map<String, String> tags = new TreeMap<>();
    final Set<String> running = new TreeSet<>();
    final Map<String, Shot> shots = new HashMap<>();
  }

  private record Shot(String body, String type, String time) {}

  /** How requests of a kind are refused, for a number of times. */
  private static final class Refusal {
    final Predicate<String> which;
    final int status;
    final String type;
    int times;

    Refusal(Predicate<String> which, int status, String type, int times) {
      this.which = which;
      this.status = status;
      this.type = type;
      this.times = times;
    }
  }

  /**
   * @param region that requests have to be signed for
   */
  public MediaLiveServer(String region) {
    this.region = region;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** A channel that is idle. */
  public synchronized MediaLiveServer channel(
      String id, String name, boolean standard, Map<String, String> tags) {
    Channel channel = new Channel();
    channel.id = id;
    channel.name = name;
    channel.standard = standard;
    channel.tags.putAll(tags);
    channels.put(id, channel);
    return this;
  }

  /** With these pipelines. */
  public synchronized MediaLiveServer start(String id, String... pipelines) {
    Channel channel = channels.get(id);
    channel.running.clear();
    channel.running.addAll(List.of(pipelines));
    return state(id, "RUNNING");
  }

  public synchronized MediaLiveServer stop(String id) {
    channels.get(id).running.clear();
    return state(id, "IDLE");
  }

  public synchronized MediaLiveServer state(String id, String state) {
    channels.get(id).state = state;
    return this;
  }

  public synchronized MediaLiveServer delete(String id) {
    channels.remove(id);
    return this;
  }

  public synchronized MediaLiveServer thumbnailsDisabled(String id) {
    channels.get(id).thumbnailsDisabled = true;
    return this;
  }

  /** What a pipeline shows from now on. */
  public MediaLiveServer show(String id, String pipeline, byte[] jpeg, Instant time) {
    return show(id, pipeline, Base64.getEncoder().encodeToString(jpeg), "image/jpeg", time);
  }

  public synchronized MediaLiveServer show(
      String id, String pipeline, String body, String type, Instant time) {
    String written = time.truncatedTo(ChronoUnit.MILLIS).toString();
    channels.get(id).shots.put(pipeline, new Shot(body, type, written));
    return this;
  }

  /**
   * Refuses the next requests of a kind.
   *
   * @param which of path and query, such as {@code /prod/channels/1/thumbnails?pipelineId=0}
   * @param type of the error, such as {@code TooManyRequestsException}
   */
  public synchronized MediaLiveServer refuse(
      Predicate<String> which, int status, String type, int times) {
    refusals.add(new Refusal(which, status, type, times));
    return this;
  }

  public synchronized MediaLiveServer pages(int size) {
    pageSize = size;
    return this;
  }

  /** Path and query of all requests so far. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /** How many so far contain a text. */
  public synchronized long asked(String part) {
    return asked.stream().filter(one -> one.contains(part)).count();
  }

  /** What was wrong with requests. */
  public synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      Answer answer = answer(exchange);
      byte[] body = Json.MAPPER.writeValueAsBytes(answer.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      if (answer.error() != null) {
        exchange.getResponseHeaders().set("x-amzn-ErrorType", answer.error());
      }
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private record Answer(int status, String error, ObjectNode body) {}

  private static Answer error(int status, String type, String message) {
    return new Answer(status, type, Json.MAPPER.createObjectNode().put("message", message));
  }

  private synchronized Answer answer(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    String whole = exchange.getRequestURI().toString();
    asked.add(whole);
    String breach = breach(exchange);
    if (breach != null) {
      breaches.add(whole + ": " + breach);
      return error(403, "ForbiddenException", breach);
    }
    for (Refusal refusal : refusals) {
      if (refusal.times > 0 && refusal.which.test(whole)) {
        refusal.times--;
        return error(refusal.status, refusal.type, "Refused by the test");
      }
    }
    Matcher parts = PATH.matcher(path);
    if (!exchange.getRequestMethod().equals("GET") || !parts.matches()) {
      breaches.add(exchange.getRequestMethod() + " " + whole + " is no operation known here");
      return error(404, "NotFoundException", "No such operation");
    }
    if (parts.group(1) == null) {
      return list(whole, query);
    }
    Channel channel = channels.get(parts.group(1));
    if (channel == null) {
      return error(404, "NotFoundException", "Channel not found: " + parts.group(1));
    }
    return parts.group(2) == null ? describe(channel) : thumbnails(whole, channel, query);
  }

  private String breach(HttpExchange exchange) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    Matcher credential = CREDENTIAL.matcher(String.valueOf(authorization));
    if (!credential.matches()) {
      return "it is not signed with AWS Signature Version 4 for medialive: " + authorization;
    }
    if (!credential.group(1).equals(region)) {
      return "it is signed for " + credential.group(1) + ", not for " + region;
    }
    String date = exchange.getRequestHeaders().getFirst("X-Amz-Date");
    return date != null && date.matches("\\d{8}T\\d{6}Z") ? null : "it has no X-Amz-Date";
  }

  private Answer list(String whole, Map<String, String> query) {
    if (!Set.of("maxResults", "nextToken").containsAll(query.keySet())) {
      breaches.add(whole + ": unknown parameters");
      return error(400, "BadRequestException", "Unknown parameters");
    }
    int most = Math.min(pageSize, Integer.parseInt(query.getOrDefault("maxResults", "100")));
    String after = query.get("nextToken");
    if (after != null && !after.startsWith("after ")) {
      return error(400, "BadRequestException", "Invalid nextToken");
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode items = body.putArray("channels");
    String last = null;
    for (Channel channel : channels.values()) {
      if (after != null && channel.id.compareTo(after.substring("after ".length())) <= 0) {
        continue;
      }
      if (items.size() == most) {
        body.put("nextToken", "after " + last);
        break;
      }
      last = channel.id;
      items.add(summary(channel));
    }
    return new Answer(200, null, body);
  }

  private Answer describe(Channel channel) {
    ObjectNode body = summary(channel);
    ArrayNode pipelines = body.putArray("pipelineDetails");
    channel.running.forEach(
        one -> pipelines.addObject().put("pipelineId", one).put("activeInputAttachmentName", "in"));
    body.putObject("encoderSettings")
        .putObject("thumbnailConfiguration")
        .put("state", channel.thumbnailsDisabled ? "DISABLED" : "AUTO");
    return new Answer(200, null, body);
  }

  private ObjectNode summary(Channel channel) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("arn", arn(channel.id));
    body.put("id", channel.id);
    body.put("name", channel.name);
    body.put("state", channel.state);
    body.put("channelClass", channel.standard ? "STANDARD" : "SINGLE_PIPELINE");
    body.put("pipelinesRunningCount", channel.running.size());
    ObjectNode tags = body.putObject("tags");
    channel.tags.forEach(tags::put);
    return body;
  }

  public String arn(String id) {
    return "arn:aws:medialive:" + region + ":" + ACCOUNT + ":channel:" + id;
  }

  private Answer thumbnails(String whole, Channel channel, Map<String, String> query) {
    String pipeline = query.get("pipelineId");
    if (!query.keySet().equals(Set.of("pipelineId", "thumbnailType"))
        || !Set.of("0", "1").contains(String.valueOf(pipeline))
        || !"CURRENT_ACTIVE".equals(query.get("thumbnailType"))) {
      breaches.add(whole + ": pipelineId 0 or 1 and thumbnailType CURRENT_ACTIVE are required");
      return error(400, "BadRequestException", "Required parameters are missing");
    }
    if (!channel.state.equals("RUNNING")) {
      return error(400, "BadRequestException", "Channel " + channel.id + " is not running");
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode details = body.putArray("thumbnailDetails");
    Shot shot = channel.shots.get(pipeline);
    if (shot != null && !channel.thumbnailsDisabled && channel.running.contains(pipeline)) {
      ObjectNode detail = details.addObject().put("pipelineId", pipeline);
      detail
          .putArray("thumbnails")
          .addObject()
          .put("body", shot.body())
          .put("contentType", shot.type())
          .put("thumbnailType", "CURRENT_ACTIVE")
          .put("timeStamp", shot.time());
    }
    return new Answer(200, null, body);
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int equals = pair.indexOf('=');
        query.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
