package io.sightline.launcher.playback;

import io.sightline.media.cut.ByteSource;
import io.sightline.media.hls.MediaPart;
import io.sightline.media.hls.ReelFile;
import io.sightline.media.hls.ReelPlaylists;
import io.sightline.media.hls.ReelVariant;
import io.sightline.records.ClipIndex;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Serves reels under their names, as they stand at each request, and a page that can play them. */
final class ReelServer implements AutoCloseable {

  private static final String PLAYER = "META-INF/resources/webjars/hls.js/1.4.12/dist/hls.min.js";
  private static final String PAGE =
      "<!doctype html><title>reel</title><link rel=icon href=data:,><video muted width=320"
          + " height=180></video><script src=/hls.js></script>";

  /** A reel as it stands. */
  record Standing(ClipIndex index, boolean complete, List<ReelVariant> others) {}

  private final Map<String, Standing> reels = new ConcurrentHashMap<>();
  private final Map<String, Callable<Void>> followed = new ConcurrentHashMap<>();
  private final ByteSource bytes;
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;

  ReelServer(ByteSource bytes) throws Exception {
    this.bytes = bytes;
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .await(20, TimeUnit.SECONDS);
  }

  String page() {
    return "http://127.0.0.1:" + server.actualPort() + "/";
  }

  void put(String name, ClipIndex index, boolean complete) {
    reels.put(name, new Standing(index, complete, List.of()));
  }

  /** A reel that is there in another encoding, too, under a name of its own. */
  void put(String name, ClipIndex index, String otherName, ClipIndex other) {
    put(otherName, other, true);
    ReelVariant variant = new ReelVariant("../" + otherName + "/", other);
    reels.put(name, new Standing(index, true, List.of(variant)));
  }

  /** Has something done each time the playlist of a reel's pictures was fetched. */
  void whenFollowed(String name, Callable<Void> next) {
    followed.put("/" + name + "/track-1.m3u8", next);
  }

  private void answer(HttpServerRequest request) {
    try {
      String[] path = request.path().substring(1).split("/");
      Standing reel = reels.get(path[0]);
      if (request.path().equals("/")) {
        request.response().putHeader("Content-Type", "text/html").end(PAGE);
      } else if (request.path().equals("/hls.js")) {
        try (InputStream script = getClass().getClassLoader().getResourceAsStream(PLAYER)) {
          request
              .response()
              .putHeader("Content-Type", "text/javascript")
              .end(Buffer.buffer(script.readAllBytes()));
        }
      } else if (reel != null && path[1].equals(ReelPlaylists.MASTER)) {
        request.response().end(ReelPlaylists.master(reel.index, reel.others));
      } else {
        Optional<ReelFile> file =
            reel == null
                ? Optional.empty()
                : ReelPlaylists.file(reel.index, path[1], reel.complete, bytes);
        if (file.isEmpty()) {
          request.response().setStatusCode(404).end();
        } else {
          request.response().end(content(file.get()));
          if (followed.containsKey(request.path())) {
            vertx.executeBlocking(followed.get(request.path()));
          }
        }
      }
    } catch (Exception e) {
      request.response().setStatusCode(500).end(e.toString());
    }
  }

  private Buffer content(ReelFile file) throws IOException {
    Buffer content = Buffer.buffer();
    for (MediaPart part : file.parts()) {
      if (part instanceof MediaPart.Bytes made) {
        content.appendBytes(made.content());
      } else if (part instanceof MediaPart.Range range) {
        content.appendBytes(bytes.read(range.key(), range.offset(), range.length()));
      }
    }
    return content;
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }
}
