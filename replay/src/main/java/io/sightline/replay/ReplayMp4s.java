package io.sightline.replay;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.cut.WatchedBytes;
import io.sightline.records.ClipIndex;
import io.sightline.records.RenditionSpec;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ProgressNote;
import io.sightline.storage.RecordStore;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Writes MP4s of replays, through a file, and notes how far they are. Blocking, for as long as that
 * takes; thread-safe.
 */
final class ReplayMp4s {

  private static final long TIMEOUT_SECONDS = 120;

  /** Slower than this no store is used for video: 8 Mb/s. */
  private static final long LEAST_BYTES_A_SECOND = 1_000_000;

  private final Vertx vertx;
  private final ObjectStore objects;
  private final RecordStore records;
  private final ByteSource bytes;
  private final Clock clock;

  ReplayMp4s(Vertx vertx, ObjectStore objects, RecordStore records, ByteSource bytes, Clock clock) {
    this.vertx = vertx;
    this.objects = objects;
    this.records = records;
    this.bytes = bytes;
    this.clock = clock;
  }

  /**
   * Stores one, whole or not at all.
   *
   * @param wanted asked again and again; when it is not wanted any more, it is given up
   * @throws IOException when it cannot be read now, or was given up
   */
  void store(String replay, String key, ClipIndex reel, BooleanSupplier wanted)
      throws MediaException, IOException, TimeoutException {
    Path draft = Files.createTempFile("sightline-replay", ".mp4");
    ProgressNote note = ProgressNote.ofReplay(records, replay, RenditionSpec.SOURCE, clock);
    try {
      try (OutputStream out = Files.newOutputStream(draft)) {
        ByteSource watched =
            WatchedBytes.of(whileWanted(key, wanted), reel, "writing the MP4", note);
        Mp4File.write(reel, watched, out);
      }
      long seconds = TIMEOUT_SECONDS + Files.size(draft) / LEAST_BYTES_A_SECOND;
      vertx
          .fileSystem()
          .open(draft.toString(), new OpenOptions().setRead(true).setWrite(false))
          .compose(file -> objects.put(key, file, "video/mp4").eventually(file::close))
          .await(seconds, TimeUnit.SECONDS);
    } finally {
      note.end();
      Files.deleteIfExists(draft);
    }
  }

  private ByteSource whileWanted(String mp4, BooleanSupplier wanted) {
    return (key, offset, length) -> {
      if (!wanted.getAsBoolean()) {
        throw new IOException(mp4 + " is not wanted any more, or not by this process");
      }
      return bytes.read(key, offset, length);
    };
  }
}
