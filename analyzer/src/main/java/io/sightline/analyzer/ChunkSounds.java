package io.sightline.analyzer;

import io.sightline.media.MediaException;
import io.sightline.media.sound.SoundDecoder;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.InitPart;
import io.sightline.records.TrackInfo;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Sound;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the audio tracks of recorded chunks and decodes them. Safe for use by any thread. */
final class ChunkSounds {

  /** Minutes of uncompressed sound; no chunk has more. */
  private static final long MAX_TRACK_BYTES = 64_000_000;

  private static final int MAX_INITS = 1_000;

  private final ObjectStore objects;
  private final Workers workers;
  private final Map<String, byte[]> inits =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
              return size() > MAX_INITS;
            }
          });

  ChunkSounds(ObjectStore objects, Workers workers) {
    this.objects = objects;
    this.workers = workers;
  }

  /**
   * The sound of each audio track; empty when there is none.
   *
   * @return fails with {@link AnalysisException} when a track cannot be read or decoded, with
   *     {@link StorageException} UNAVAILABLE when trying again may help
   */
  Future<List<Sound>> of(ChunkInfo chunk) {
    List<Future<Sound>> sounds = new ArrayList<>();
    for (TrackInfo track : chunk.tracks()) {
      if (track.kind() == TrackInfo.Kind.AUDIO) {
        int audioTrack = sounds.size() + 1;
        List<Fragment> fragments =
            chunk.fragments().stream().filter(f -> f.track() == track.track()).toList();
        sounds.add(
            fragments.isEmpty()
                ? Future.succeededFuture()
                : sound(chunk, track, audioTrack, fragments));
      }
    }
    return Future.join(sounds)
        .map(all -> sounds.stream().map(Future::result).filter(s -> s != null).toList())
        .recover(e -> Future.failedFuture(failure(chunk, e)));
  }

  private Future<Sound> sound(
      ChunkInfo chunk, TrackInfo track, int audioTrack, List<Fragment> fragments) {
    long from = fragments.stream().mapToLong(Fragment::offset).min().getAsLong();
    long to = fragments.stream().mapToLong(f -> f.offset() + f.length()).max().getAsLong();
    if (to - from > MAX_TRACK_BYTES) {
      return Future.failedFuture(
          new AnalysisException(
              "Audio track " + audioTrack + " has " + (to - from) + " bytes in one chunk"));
    }
    Future<byte[]> init = init(track.initKey());
    Future<Buffer> bytes = objects.get(chunk.key(), from, to - from);
    return Future.join(init, bytes)
        .compose(
            read ->
                workers.run(
                    () -> {
                      byte[] joined = joined(bytes.result(), from, fragments);
                      float[][] channels = SoundDecoder.decode(track, init.result(), joined);
                      int rate = rate(track, fragments, channels);
                      return new Sound(chunk, audioTrack, rate, channels);
                    }));
  }

  /**
   * The rate of what was decoded. HE-AAC is often declared with the rate of its core, and decodes
   * to twice that.
   *
   * @throws AnalysisException when much is missing: silence would be a wrong finding
   */
  private static int rate(TrackInfo track, List<Fragment> fragments, float[][] channels)
      throws AnalysisException {
    long ticks = fragments.stream().mapToLong(Fragment::durationTicks).sum();
    double declared = ticks * (double) track.sampleRate() / track.timescale();
    int samples = channels.length == 0 ? 0 : channels[0].length;
    if (samples < declared / 2) {
      throw new AnalysisException(
          "The sound is damaged: " + samples + " samples of " + Math.round(declared) + " decoded");
    }
    return samples > declared * 1.5 ? 2 * track.sampleRate() : track.sampleRate();
  }

  private Future<byte[]> init(String key) {
    byte[] known = inits.get(key);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return objects
        .get(key, 0, InitPart.MAX_BYTES)
        .map(
            read -> {
              inits.put(key, read.getBytes());
              return read.getBytes();
            });
  }

  private static byte[] joined(Buffer range, long from, List<Fragment> fragments)
      throws AnalysisException {
    Buffer joined = Buffer.buffer();
    for (Fragment fragment : fragments) {
      int start = (int) (fragment.offset() - from);
      int end = (int) (start + fragment.length());
      if (end > range.length()) {
        throw new AnalysisException("The chunk's object is shorter than its index says");
      }
      joined.appendBuffer(range.slice(start, end));
    }
    return joined.getBytes();
  }

  private static Throwable failure(ChunkInfo chunk, Throwable e) {
    if (e instanceof MediaException) {
      return new AnalysisException("The sound cannot be decoded: " + e.getMessage(), e);
    }
    if (e instanceof StorageException storage
        && storage.reason() != StorageException.Reason.UNAVAILABLE) {
      return new AnalysisException(
          "The media of chunk " + chunk.id() + " cannot be read: " + e.getMessage(), e);
    }
    return e;
  }
}
