package io.sightline.ingestgateway.ingest;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.ChunkSink;
import io.sightline.media.cmaf.ChunkWriter;
import io.sightline.media.cmaf.WrittenChunk;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.EpochAxis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A few seconds of media that somebody posted, copied into chunks without encoding anything.
 * Blocks; used by one worker thread.
 */
final class Remux {

  private static final Duration CHUNK = Duration.ofSeconds(2);
  private static final SourceOptions OPTIONS =
      SourceOptions.DEFAULTS.withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(10));
  private static final int MAX_CHUNKS = 1_000;

  /** An init part of the body. */
  record Init(int track, String key, byte[] content) {}

  /**
   * What came of a body.
   *
   * @param axis where its packets lie
   */
  record Result(EpochAxis axis, List<Init> inits, List<WrittenChunk> chunks) {}

  /** Which epoch a body belongs to, found out once its first presentation time is known. */
  interface Placing {

    /**
     * @param firstPts of its leading track, in {@code track}'s time base
     * @return the axis, and the epoch that it is of
     */
    Place place(SourceTrack track, long firstPts);
  }

  /** Where a body goes. */
  record Place(String epoch, EpochAxis axis) {}

  private Remux() {}

  /**
   * @param body a media file, complete
   * @throws MediaException when it is none, or its codecs cannot be kept
   */
  static Result of(Path body, String stream, Placing placing) throws MediaException, IOException {
    long first = firstPts(body);
    try (MediaSource source = MediaSource.open(body.toUri().toString(), OPTIONS)) {
      SourceTrack leading = leading(source.tracks());
      Place place = placing.place(leading, first);
      List<Init> inits = new ArrayList<>();
      List<WrittenChunk> chunks = new ArrayList<>();
      ChunkSink sink = sink(inits, chunks);
      ChunkWriter writer =
          new ChunkWriter(source.tracks(), place.axis(), stream, place.epoch(), CHUNK);
      for (Packet packet = source.next(); packet != null; packet = source.next()) {
        writer.accept(packet, sink);
        if (chunks.size() > MAX_CHUNKS) {
          throw new MediaException(
              MediaException.Reason.UNSUPPORTED, "The body holds more than a few seconds of media");
        }
      }
      writer.finish(sink);
      return new Result(place.axis(), inits, chunks);
    }
  }

  private static long firstPts(Path body) throws MediaException {
    try (MediaSource source = MediaSource.open(body.toUri().toString(), OPTIONS)) {
      SourceTrack leading = leading(source.tracks());
      long first = Long.MAX_VALUE;
      int seen = 0;
      // B-frames: a picture that is decoded later may be shown first.
      for (Packet packet = source.next(); packet != null && seen < 32; packet = source.next()) {
        if (packet.track() == leading.index() && packet.pts() != Long.MIN_VALUE) {
          first = Math.min(first, packet.pts());
          seen++;
        }
      }
      if (seen == 0) {
        throw new MediaException(
            MediaException.Reason.UNSUPPORTED, "The body holds no picture and no sound");
      }
      return first;
    }
  }

  private static SourceTrack leading(List<SourceTrack> tracks) throws MediaException {
    Optional<SourceTrack> video = tracks.stream().filter(SourceTrack::isVideo).findFirst();
    return video
        .or(() -> tracks.stream().filter(SourceTrack::isAudio).findFirst())
        .orElseThrow(
            () ->
                new MediaException(
                    MediaException.Reason.UNSUPPORTED, "The body holds no picture and no sound"));
  }

  private static ChunkSink sink(List<Init> inits, List<WrittenChunk> chunks) {
    return new ChunkSink() {
      @Override
      public void init(int track, String key, byte[] content) {
        inits.add(new Init(track, key, content));
      }

      @Override
      public void chunk(WrittenChunk chunk) {
        chunks.add(chunk);
      }
    };
  }

  /** Runs with a body in a temporary file that is gone afterwards. */
  static Result of(byte[] body, String stream, Placing placing) throws MediaException, IOException {
    Path file = Files.createTempFile("sightline-post", ".media");
    try {
      Files.write(file, body);
      return of(file, stream, placing);
    } catch (MediaException e) {
      // Whoever posted it knows no file of ours.
      String message = e.getMessage().replace(file.toString(), "the body");
      throw new MediaException(e.reason(), message, e);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
