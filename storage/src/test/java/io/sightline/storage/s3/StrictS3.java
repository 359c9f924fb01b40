package io.sightline.storage.s3;

import static io.sightline.storage.testing.Waiting.await;

import io.sightline.storage.testing.S3Server;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One bucket over S3's protocol, which refuses what Amazon's would and does wrong what it is told
 * to. An object is replaced as a whole, whoever reads it. When it breaks a connection off, it
 * resets it. Lives on an event loop.
 */
final class StrictS3 implements AutoCloseable {

  static final String BUCKET = "strict";

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

  private final HttpServer server;
  private final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final Map<String, NavigableMap<Integer, Buffer>> uploads = new ConcurrentHashMap<>();
  private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private int versions;

  /** What a request meets in place of an answer. */
  interface Fault {
    void play(HttpServerRequest request);
  }

  private record Stored(Buffer content, String type, String tag, Instant time) {}

  StrictS3(Vertx vertx) {
    S3Server.credentials();
    server =
        await(
            vertx
                .createHttpServer(
                    new HttpServerOptions().setHandle100ContinueAutomatically(true).setSoLinger(0))
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1"));
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  S3Access access() {
    return new S3Access(S3Server.REGION, endpoint(), true);
  }

  /**
   * Lets the next requests of a kind fail, one fault each.
   *
   * @param kind as {@link #requests} tells it: "PUT", "GET", "POST uploads"
   */
  StrictS3 fail(String kind, int times, Fault fault) {
    for (int i = 0; i < times; i++) {
      faults.computeIfAbsent(kind, none -> new ArrayDeque<>()).add(fault);
    }
    return this;
  }

  /** S3 API Reference, "Error responses". */
  static Fault error(int status, String code, String message) {
    return request ->
        request
            .response()
            .setStatusCode(status)
            .putHeader("Content-Type", "application/xml")
            .end(
                request.method() == HttpMethod.HEAD
                    ? ""
                    : "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
                        + code
                        + "</Code><Message>"
                        + message
                        + "</Message></Error>");
  }

  static Fault silence() {
    return request -> {};
  }

  /** After so many bytes of the answer that should have come. */
  Fault breakOffAfter(int bytes) {
    return request -> {
      Stored stored = objects.get(name(request));
      Range range = Range.of(request, stored.content.length());
      HttpServerResponse response = answer(request, stored, range);
      response
          .write(stored.content.slice(range.from, Math.min(range.to, range.from + bytes)))
          .onComplete(written -> request.connection().close());
    };
  }

  /** What was asked, in order: "PUT", "GET", "HEAD", "POST uploads", "PUT partNumber", ... */
  List<String> requests() {
    return requests;
  }

  List<String> names() {
    return new ArrayList<>(objects.keySet());
  }

  String typeOf(String name) {
    return objects.get(name).type;
  }

  void put(String name, Buffer content) {
    versions++;
    objects.put(name, new Stored(content, "video/mp4", "\"" + versions + "\"", Instant.now()));
  }

  /** How many were begun and neither put together nor given up. */
  int uploads() {
    return uploads.size();
  }

  @Override
  public void close() {
    await(server.close());
  }

  private void handle(HttpServerRequest request) {
    request.body().onSuccess(body -> handle(request, body));
  }

  private void handle(HttpServerRequest request, Buffer raw) {
    String kind = kind(request);
    requests.add(kind);
    Queue<Fault> planned = faults.get(kind);
    if (planned != null && !planned.isEmpty()) {
      planned.remove().play(request);
      return;
    }
    String refused = refused(request);
    if (refused != null) {
      error(403, "AccessDenied", refused).play(request);
      return;
    }
    Buffer body = body(request, raw);
    if (body == null) {
      error(400, "IncompleteBody", "Another length was announced").play(request);
      return;
    }
    answer(kind, request, body);
  }

  private static String kind(HttpServerRequest request) {
    for (String parameter : List.of("list-type", "uploads", "partNumber", "uploadId")) {
      if (request.params().contains(parameter)) {
        return request.method() + " " + parameter;
      }
    }
    return request.method().name();
  }

  /** AWS General Reference, "Signature Version 4". */
  private static String refused(HttpServerRequest request) {
    String authorization = String.valueOf(request.getHeader("Authorization"));
    return authorization.startsWith("AWS4-HMAC-SHA256 ")
            && authorization.contains("/" + S3Server.REGION + "/s3/aws4_request")
            && request.path().startsWith("/" + BUCKET)
        ? null
        : "Nobody may do that";
  }

  /** S3 API Reference, "Signature calculations ... chunked upload", with or without a trailer. */
  private static Buffer body(HttpServerRequest request, Buffer raw) {
    String decoded = request.getHeader("x-amz-decoded-content-length");
    if (decoded == null) {
      return raw;
    }
    Buffer body = Buffer.buffer();
    for (int at = 0; ; ) {
      int line = at;
      while (raw.getByte(line) != '\r') {
        line++;
      }
      String head = raw.getString(at, line, StandardCharsets.US_ASCII.name());
      int size = Integer.parseInt(head.split(";")[0], 16);
      if (size == 0) {
        return body.length() == Integer.parseInt(decoded) ? body : null;
      }
      body.appendBuffer(raw.slice(line + 2, line + 2 + size));
      at = line + 2 + size + 2;
    }
  }

  private void answer(String kind, HttpServerRequest request, Buffer body) {
    String name = name(request);
    switch (kind) {
      case "PUT" -> {
        put(name, body);
        objects.computeIfPresent(
            name,
            (same, stored) ->
                new Stored(body, request.getHeader("Content-Type"), stored.tag, stored.time));
        request.response().putHeader("ETag", objects.get(name).tag).end();
      }
      case "GET", "HEAD" -> give(request, objects.get(name));
      case "DELETE" -> {
        objects.remove(name);
        request.response().setStatusCode(204).end();
      }
      case "GET list-type" -> list(request);
      default -> answerPart(kind, request, name, body);
    }
  }

  private void answerPart(String kind, HttpServerRequest request, String name, Buffer body) {
    String upload = request.getParam("uploadId");
    if (upload != null && !uploads.containsKey(upload)) {
      error(404, "NoSuchUpload", "The specified upload does not exist").play(request);
      return;
    }
    switch (kind) {
      case "POST uploads" -> {
        String id = "upload-" + requests.size();
        uploads.put(id, new ConcurrentSkipListMap<>());
        xml(request, "InitiateMultipartUploadResult", "<UploadId>" + id + "</UploadId>");
      }
      case "PUT partNumber" -> {
        uploads.get(upload).put(Integer.valueOf(request.getParam("partNumber")), body);
        request.response().putHeader("ETag", "\"" + body.length() + "\"").end();
      }
      case "POST uploadId" -> {
        Buffer whole = Buffer.buffer();
        uploads.remove(upload).values().forEach(whole::appendBuffer);
        put(name, whole);
        xml(request, "CompleteMultipartUploadResult", "<Key>" + name + "</Key>");
      }
      case "DELETE uploadId" -> {
        uploads.remove(upload);
        request.response().setStatusCode(204).end();
      }
      default -> error(405, "MethodNotAllowed", "What is that?").play(request);
    }
  }

  private void give(HttpServerRequest request, Stored stored) {
    if (stored == null) {
      error(404, "NoSuchKey", "The specified key does not exist.").play(request);
      return;
    }
    String match = request.getHeader("If-Match");
    if (match != null && !match.equals(stored.tag)) {
      error(412, "PreconditionFailed", "It is another one").play(request);
      return;
    }
    Range range = Range.of(request, stored.content.length());
    if (range == null) {
      error(416, "InvalidRange", "The requested range is not satisfiable").play(request);
      return;
    }
    HttpServerResponse response = answer(request, stored, range);
    Future<Void> sent =
        request.method() == HttpMethod.HEAD
            ? response.end()
            : response.end(stored.content.slice(range.from, range.to));
    sent.onFailure(e -> requests.add("broken by the client"));
  }

  private static HttpServerResponse answer(HttpServerRequest request, Stored stored, Range range) {
    if (request.getHeader("Range") != null) {
      request
          .response()
          .setStatusCode(206)
          .putHeader(
              "Content-Range",
              "bytes " + range.from + "-" + (range.to - 1) + "/" + stored.content.length());
    }
    return request
        .response()
        .putHeader("Content-Length", Integer.toString(range.to - range.from))
        .putHeader("Content-Type", stored.type)
        .putHeader(
            "Last-Modified",
            java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                stored.time.atOffset(java.time.ZoneOffset.UTC)))
        .putHeader("ETag", stored.tag);
  }

  private void list(HttpServerRequest request) {
    MultiMap asked = request.params();
    String prefix = asked.get("prefix");
    String after = asked.contains("start-after") ? asked.get("start-after") : "";
    int limit = Integer.parseInt(asked.get("max-keys"));
    StringBuilder found = new StringBuilder();
    int count = 0;
    boolean more = false;
    for (Map.Entry<String, Stored> object : objects.tailMap(after, false).entrySet()) {
      if (!object.getKey().startsWith(prefix)) {
        continue;
      }
      if (count == limit) {
        more = true;
        break;
      }
      count++;
      found.append(
          "<Contents><Key>%s</Key><LastModified>%s</LastModified><Size>%d</Size></Contents>"
              .formatted(
                  object.getKey(), object.getValue().time, object.getValue().content.length()));
    }
    xml(request, "ListBucketResult", found + "<IsTruncated>" + more + "</IsTruncated>");
  }

  private static void xml(HttpServerRequest request, String element, String content) {
    request
        .response()
        .putHeader("Content-Type", "application/xml")
        .end("<" + element + ">" + content + "</" + element + ">");
  }

  private static String name(HttpServerRequest request) {
    String path = URI.create(request.path()).getPath();
    return path.length() <= BUCKET.length() + 2 ? "" : path.substring(BUCKET.length() + 2);
  }

  private record Range(int from, int to) {

    /** Null when it cannot be given. */
    static Range of(HttpServerRequest request, int size) {
      String header = request.getHeader("Range");
      if (header == null) {
        return new Range(0, size);
      }
      Matcher range = RANGE.matcher(header);
      if (!range.matches() || Long.parseLong(range.group(1)) >= size) {
        return null;
      }
      int from = Integer.parseInt(range.group(1));
      long last = range.group(2).isEmpty() ? size : Long.parseLong(range.group(2));
      return new Range(from, (int) Math.min(size, Math.min(last, size) + 1));
    }
  }
}
