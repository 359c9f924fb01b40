package io.sightline.clipper.mediaconvert.testing;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of MediaConvert as is asked here, on this machine: jobs that are created, asked about,
 * searched for and cancelled, and that do their work when they complete. It answers in the shapes
 * of the service's API reference, refuses what the service would refuse, and notes every request
 * that is not as it should be. Thread-safe.
 */
public final class MediaConvertServer implements AutoCloseable {

  public static final String REGION = "eu-west-1";

  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=[A-Z0-9]+/\\d{8}/"
              + REGION
              + "/mediaconvert/aws4_request,"
              + " SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}");
  private static final Pattern JOB = Pattern.compile("/2017-08-29/jobs/(\\d{13}-[a-z0-9]{6})");
  private static final String JOBS = "/2017-08-29/jobs";
  private static final String SEARCH = "/2017-08-29/search";
  private static final String QUEUE = "arn:aws:mediaconvert:eu-west-1:111122223333:queues/";
  private static final Duration TOKENS_HOLD = Duration.ofMinutes(1);
  private static final int STEP_PERCENT = 40;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Transcoder transcoder;
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private Duration later = Duration.ZERO;
  private boolean held;
  private boolean answersLost;
  private int failCode;
  private String failMessage;

  private static final class Job {
    String id;
    JsonNode request;
    Instant created;
    String status = "SUBMITTED";
    int percent;
    int errorCode;
    String errorMessage;
  }

  /** How requests of a kind are refused, for a number of times. */
  private static final class Refusal {
    final String which;
    final int status;
    final String type;
    int times;

    Refusal(String which, int status, String type, int times) {
      this.which = which;
      this.status = status;
      this.type = type;
      this.times = times;
    }
  }

  private record Answer(int status, String error, ObjectNode body) {}

  public MediaConvertServer(Transcoder transcoder) {
    this.transcoder = transcoder;
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

  /**
   * Refuses the next requests of a kind.
   *
   * @param which method and beginning of the path, such as {@code POST /2017-08-29/jobs}
   */
  public synchronized void refuse(String which, int status, String type, int times) {
    refusals.add(new Refusal(which, status, type, times));
  }

  /** Jobs stay where they are from now on. */
  public synchronized void hold(boolean hold) {
    held = hold;
  }

  /** Jobs end with an error from now on. */
  public synchronized void fail(int code, String message) {
    failCode = code;
    failMessage = message;
  }

  /** Jobs do not do what they say. */
  public void loseLastPicture() {
    transcoder.lose(1);
  }

  /** The same. */
  public void loseLastSegment() {
    transcoder.loseLastSegment();
  }

  /** Jobs are created, but whoever asked does not hear of it. */
  public synchronized void loseAnswers(boolean lose) {
    answersLost = lose;
  }

  /** Time passes, as the tokens see it. */
  public synchronized void pass(Duration time) {
    later = later.plus(time);
  }

  /** What the jobs were created by, in order. */
  public synchronized List<JsonNode> requests() {
    return jobs.values().stream().map(job -> job.request).toList();
  }

  public synchronized List<String> ids() {
    return jobs.values().stream().map(job -> job.id).toList();
  }

  public synchronized List<String> states() {
    return jobs.values().stream().map(job -> job.status).toList();
  }

  public synchronized long asked(String which) {
    return asked.stream().filter(one -> one.startsWith(which)).count();
  }

  /** What was wrong with requests. */
  public synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      Answer answer = answer(exchange, sent);
      if (answer == null) {
        return;
      }
      byte[] body = Json.MAPPER.writeValueAsBytes(answer.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      if (answer.error() != null) {
        exchange.getResponseHeaders().set("x-amzn-ErrorType", answer.error());
      }
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private synchronized Answer answer(HttpExchange exchange, byte[] sent) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String whole = exchange.getRequestMethod() + " " + path;
    asked.add(whole);
    String breach = breach(exchange);
    if (breach != null) {
      breaches.add(whole + ": " + breach);
      return error(403, "ForbiddenException", breach);
    }
    for (Refusal refusal : refusals) {
      if (refusal.times > 0 && whole.startsWith(refusal.which)) {
        refusal.times--;
        return error(refusal.status, refusal.type, "Refused by the test");
      }
    }
    Matcher job = JOB.matcher(path);
    if (whole.equals("POST " + JOBS)) {
      return create(exchange, Json.MAPPER.readTree(sent));
    } else if (whole.equals("GET " + SEARCH)) {
      return search(query(exchange.getRequestURI().getRawQuery()));
    } else if (job.matches() && exchange.getRequestMethod().equals("GET")) {
      return get(jobs.get(job.group(1)));
    } else if (job.matches() && exchange.getRequestMethod().equals("DELETE")) {
      return cancel(jobs.get(job.group(1)));
    }
    breaches.add(whole + " is no operation known here");
    return error(404, "NotFoundException", "No such operation");
  }

  private static String breach(HttpExchange exchange) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (!CREDENTIAL.matcher(String.valueOf(authorization)).matches()) {
      return "it is not signed with AWS Signature Version 4 for mediaconvert: " + authorization;
    }
    String date = exchange.getRequestHeaders().getFirst("X-Amz-Date");
    return date != null && date.matches("\\d{8}T\\d{6}Z") ? null : "it has no X-Amz-Date";
  }

  private Answer create(HttpExchange exchange, JsonNode request) {
    List<String> wrong = new ArrayList<>(RequestRules.breaches(request));
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (!String.valueOf(type).startsWith("application/json")) {
      wrong.add("Content-Type " + type);
    }
    if (!wrong.isEmpty()) {
      breaches.addAll(wrong);
      return error(400, "BadRequestException", String.join("; ", wrong));
    }
    String token = request.path("clientRequestToken").asText();
    Instant now = Instant.now().plus(later);
    Job job =
        jobs.values().stream()
            .filter(one -> one.request.path("clientRequestToken").asText().equals(token))
            .filter(one -> one.created.plus(TOKENS_HOLD).isAfter(now))
            .findFirst()
            .orElse(null);
    if (job == null) {
      job = new Job();
      job.id = now.toEpochMilli() + "-" + String.format("j%05d", jobs.size());
      job.request = request;
      job.created = now;
      jobs.put(job.id, job);
    }
    return answersLost ? null : new Answer(201, null, body(job));
  }

  private Answer search(Map<String, String> query) {
    String part = query.getOrDefault("inputFile", "");
    if (part.isEmpty()
        || part.length() > 300
        || !query.getOrDefault("maxResults", "1").matches("[1-9]|1\\d|20")) {
      breaches.add("search " + query);
      return error(400, "BadRequestException", "Wrong parameters");
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode found = body.putArray("jobs");
    for (Job job : jobs.values()) {
      for (JsonNode input : job.request.at("/settings/inputs")) {
        if (input.path("fileInput").asText().contains(part)) {
          found.add(body(job).path("job"));
          break;
        }
      }
    }
    return new Answer(200, null, body);
  }

  private Answer get(Job job) {
    if (job == null) {
      return error(404, "NotFoundException", "Job not found");
    }
    if (!held && (job.status.equals("SUBMITTED") || job.status.equals("PROGRESSING"))) {
      advance(job);
    }
    return new Answer(200, null, body(job));
  }

  private void advance(Job job) {
    String missing = transcoder.missing(job.request.path("settings"));
    job.status = "PROGRESSING";
    job.percent += STEP_PERCENT;
    if (missing != null) {
      job.status = "ERROR";
      job.errorCode = 1404;
      job.errorMessage = "Unable to open input file [" + missing + "]: [Failed probe/open]";
    } else if (failCode > 0) {
      job.status = "ERROR";
      job.errorCode = failCode;
      job.errorMessage = failMessage;
    } else if (job.percent >= 100) {
      transcoder.run(job.request.path("settings"));
      job.status = "COMPLETE";
      job.percent = 100;
    }
  }

  private Answer cancel(Job job) {
    if (job == null) {
      return error(404, "NotFoundException", "Job not found");
    }
    if (!job.status.equals("SUBMITTED") && !job.status.equals("PROGRESSING")) {
      return error(409, "ConflictException", "Cannot cancel job in " + job.status + " state");
    }
    job.status = "CANCELED";
    return new Answer(202, null, Json.MAPPER.createObjectNode());
  }

  private static ObjectNode body(Job job) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ObjectNode told = body.putObject("job");
    told.put("arn", "arn:aws:mediaconvert:" + REGION + ":111122223333:jobs/" + job.id);
    told.put("id", job.id);
    told.put("createdAt", job.created.getEpochSecond());
    told.put("queue", QUEUE + job.request.path("queue").asText("Default"));
    for (String key : List.of("role", "settings", "userMetadata", "clientRequestToken")) {
      told.set(key, job.request.path(key));
    }
    told.put("status", job.status);
    if (job.status.equals("PROGRESSING")) {
      told.put("currentPhase", "TRANSCODING").put("jobPercentComplete", job.percent);
    }
    if (job.status.equals("ERROR")) {
      told.put("errorCode", job.errorCode).put("errorMessage", job.errorMessage);
    }
    return body;
  }

  private static Answer error(int status, String type, String message) {
    return new Answer(status, type, Json.MAPPER.createObjectNode().put("message", message));
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      query.put(
          URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return query;
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
