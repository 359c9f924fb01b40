package io.sightline.ingestgateway.delivery;

import io.sightline.ingestgateway.web.Problem;
import io.sightline.media.hls.MediaPart;
import io.sightline.records.Ids;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ObjectStream;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sends stored bytes: whole or a range, straight from the file where there is one, else streamed
 * with back-pressure. Nothing larger than a range of a stream's buffer is held in memory.
 */
final class Delivery {

  /** For what may change. */
  static final String NO_CACHE = "no-cache";

  private final ObjectStore objects;

  Delivery(ObjectStore objects) {
    this.objects = objects;
  }

  /** For what never changes under its URL. */
  static String immutable(long seconds) {
    return "private, max-age=" + seconds + ", immutable";
  }

  /** Sends an object with byte ranges, conditions and HEAD. */
  void object(RoutingContext context, String key, String contentType, String cacheControl) {
    objects
        .head(key)
        .compose(info -> object(context, info, contentType, cacheControl))
        .onFailure(context::fail);
  }

  private Future<Void> object(
      RoutingContext context, ObjectInfo info, String contentType, String cacheControl) {
    HttpServerResponse response = context.response();
    String tag =
        "\""
            + Ids.digest(info.key() + info.sizeBytes() + "." + info.modified().toEpochMilli())
            + "\"";
    response
        .putHeader("Content-Type", contentType)
        .putHeader("Cache-Control", cacheControl)
        .putHeader("Accept-Ranges", "bytes")
        .putHeader("ETag", tag);
    if (matches(context.request().getHeader("If-None-Match"), tag)) {
      return response.setStatusCode(304).end();
    }
    String ifRange = context.request().getHeader("If-Range");
    String header = ifRange == null || ifRange.equals(tag) ? range(context) : null;
    ByteRange.Asked asked = ByteRange.of(header, info.sizeBytes());
    if (!asked.satisfiable()) {
      response.putHeader("Content-Range", "bytes */" + info.sizeBytes());
      return Future.failedFuture(
          Problem.of(416, "The file has " + info.sizeBytes() + " bytes, fewer than asked for."));
    }
    ByteRange bytes = asked.range().orElse(new ByteRange(0, info.sizeBytes()));
    if (asked.range().isPresent()) {
      response.setStatusCode(206).putHeader("Content-Range", bytes.contentRange(info.sizeBytes()));
    }
    response.putHeader("Content-Length", Long.toString(bytes.length()));
    if (context.request().method() == HttpMethod.HEAD || bytes.length() == 0) {
      return response.end();
    }
    Optional<Path> file = objects.file(info.key());
    return file.isPresent()
        ? response.sendFile(file.get().toString(), bytes.offset(), bytes.length())
        : stream(info.key(), bytes.offset(), bytes.length(), response).compose(v -> response.end());
  }

  /** Sends a file that is composed of parts. */
  void parts(
      RoutingContext context, List<MediaPart> parts, String contentType, String cacheControl) {
    long size = parts.stream().mapToLong(MediaPart::length).sum();
    HttpServerResponse response = context.response();
    response
        .putHeader("Content-Type", contentType)
        .putHeader("Cache-Control", cacheControl)
        .putHeader("Accept-Ranges", "bytes");
    ByteRange.Asked asked = ByteRange.of(range(context), size);
    if (!asked.satisfiable()) {
      response.putHeader("Content-Range", "bytes */" + size);
      throw Problem.of(416, "The file has " + size + " bytes, fewer than asked for.");
    }
    ByteRange bytes = asked.range().orElse(new ByteRange(0, size));
    if (asked.range().isPresent()) {
      response.setStatusCode(206).putHeader("Content-Range", bytes.contentRange(size));
    }
    response.putHeader("Content-Length", Long.toString(bytes.length()));
    if (context.request().method() == HttpMethod.HEAD) {
      response.end();
      return;
    }
    send(slice(parts, bytes), 0, response).compose(v -> response.end()).onFailure(context::fail);
  }

  /** Sends text that is made anew each time. */
  static void text(RoutingContext context, String text, String contentType) {
    context.response().putHeader("Content-Type", contentType).putHeader("Cache-Control", NO_CACHE);
    Buffer body = Buffer.buffer(text);
    if (context.request().method() == HttpMethod.HEAD) {
      context.response().putHeader("Content-Length", Integer.toString(body.length())).end();
    } else {
      context.response().end(body);
    }
  }

  private Future<Void> send(List<MediaPart> parts, int at, HttpServerResponse response) {
    if (at == parts.size()) {
      return Future.succeededFuture();
    }
    MediaPart part = parts.get(at);
    Future<Void> sent =
        part instanceof MediaPart.Range range
            ? stream(range.key(), range.offset(), range.length(), response)
            : response.write(Buffer.buffer(((MediaPart.Bytes) part).content()));
    return sent.compose(v -> send(parts, at + 1, response));
  }

  private Future<Void> stream(String key, long offset, long length, HttpServerResponse response) {
    return objects
        .read(key, offset, length)
        .compose(
            stream -> {
              if (stream.length() != length) {
                return stream
                    .close()
                    .transform(v -> Future.failedFuture(shorter(key, length, stream)));
              }
              return stream
                  .pipe()
                  .endOnComplete(false)
                  .to(response)
                  .recover(failure -> stream.close().transform(v -> Future.failedFuture(failure)));
            });
  }

  private static IllegalStateException shorter(String key, long length, ObjectStream stream) {
    return new IllegalStateException(
        "The object " + key + " has " + stream.length() + " of " + length + " bytes");
  }

  private static List<MediaPart> slice(List<MediaPart> parts, ByteRange bytes) {
    List<MediaPart> slice = new ArrayList<>();
    long start = 0;
    for (MediaPart part : parts) {
      long from = Math.max(bytes.offset(), start);
      long to = Math.min(bytes.offset() + bytes.length(), start + part.length());
      if (from < to) {
        slice.add(slice(part, from - start, to - from));
      }
      start += part.length();
    }
    return slice;
  }

  private static MediaPart slice(MediaPart part, long offset, long length) {
    if (part instanceof MediaPart.Range range) {
      return new MediaPart.Range(range.key(), range.offset() + offset, length);
    }
    byte[] content = ((MediaPart.Bytes) part).content();
    if (length == content.length) {
      return part;
    }
    return new MediaPart.Bytes(
        java.util.Arrays.copyOfRange(content, (int) offset, (int) (offset + length)));
  }

  private static String range(RoutingContext context) {
    return context.request().getHeader("Range");
  }

  private static boolean matches(String header, String tag) {
    if (header == null) {
      return false;
    }
    for (String one : header.split(",")) {
      String bare = one.strip();
      if (bare.equals("*") || bare.equals(tag) || bare.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }
}
