package io.sightline.media.hls;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * HLS playlists of a stream: byte ranges of its recorded chunks as they lie, a discontinuity
 * between epochs.
 *
 * <p>Immutable, for any thread.
 */
public final class StreamPlaylists {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);
  private static final int BITS_PER_BYTE = 8;

  /** Behind the live edge, where a player should begin: three media segments of two seconds. */
  private static final int START_SECONDS = 6;

  /** Above this many entries a player may ask for what is new alone. */
  private static final int SKIPPING_ENTRIES = 1_000;

  private final UnaryOperator<String> mediaUri;
  private final int targetSeconds;

  /**
   * @param mediaUri URI of an object by its key ({@code streams/{stream}/{epoch}/{file}}), relative
   *     to the playlist
   */
  public StreamPlaylists(UnaryOperator<String> mediaUri) {
    this(mediaUri, Duration.ofSeconds(2));
  }

  /**
   * @param chunkTarget how long chunks are meant to be; media segments are up to twice as long
   */
  public StreamPlaylists(UnaryOperator<String> mediaUri, Duration chunkTarget) {
    this.mediaUri = mediaUri;
    this.targetSeconds = Math.max(4, (int) Math.ceil(chunkTarget.toMillis() * 2 / 1_000.0));
  }

  /**
   * The master playlist.
   *
   * @param chunks some newest ones, at least one: their tracks are listed
   * @param playlistUri URI of a track's media playlist, relative to the master
   */
  public String master(List<ChunkInfo> chunks, IntFunction<String> playlistUri) {
    List<TrackInfo> tracks = new ArrayList<>();
    for (ChunkInfo chunk : chunks) {
      for (TrackInfo track : chunk.tracks()) {
        boolean told =
            tracks.stream()
                .anyMatch(
                    known -> known.track() == track.track() && known.codec().equals(track.codec()));
        if (!told) {
          tracks.add(track);
        }
      }
    }
    tracks.sort(Comparator.comparingInt(TrackInfo::track));
    return PlaylistText.master(
        tracks, playlistUri, track -> bitsPerSecond(chunks, track), false, List.of());
  }

  /**
   * A sliding playlist of the newest chunks. It changes only at its end, and at its beginning by
   * what slides out.
   *
   * @param track number of the track
   * @param length how much of the window is listed
   */
  public String live(LiveWindow window, int track, Duration length) {
    return live(window, track, length, false);
  }

  /**
   * The same for a player that has an older version.
   *
   * @param skip whether it asked to be spared what it knows ({@code _HLS_skip=YES})
   */
  public String live(LiveWindow window, int track, Duration length, boolean skip) {
    List<ListedChunk> listed = window.newest(length);
    List<Entry> entries = entries(listed, track);
    boolean many = entries.size() > SKIPPING_ENTRIES;
    int skipped = skip && many ? skippable(entries) : 0;
    PlaylistText text = new PlaylistText().tag("EXT-X-VERSION", skipped > 0 ? 9 : 7);
    text.tag("EXT-X-TARGETDURATION", targetSeconds);
    if (many) {
      text.tag("EXT-X-SERVER-CONTROL", "CAN-SKIP-UNTIL=" + 6 * targetSeconds);
    }
    text.tag(
        "EXT-X-MEDIA-SEQUENCE", entries.isEmpty() ? 0 : entries.get(0).listed.numbers().get(track));
    text.tag(
        "EXT-X-DISCONTINUITY-SEQUENCE",
        entries.isEmpty() ? 0 : entries.get(0).listed.discontinuities());
    long held = entries.stream().mapToLong(entry -> entry.durationMicros).sum();
    if (held > START_SECONDS * Positions.MICROS_PER_SECOND) {
      text.tag("EXT-X-START", "TIME-OFFSET=-" + START_SECONDS);
    }
    if (skipped > 0) {
      text.tag("EXT-X-SKIP", "SKIPPED-SEGMENTS=" + skipped);
    }
    write(text, entries, skipped);
    return text.toString();
  }

  /**
   * A recorded stretch of the past. It begins with a chunk that a decoder can start with: the one
   * that holds {@code fromMicros}, or one that this one continues, when these chunks have it; else
   * the first one behind. So it begins with the same chunk whichever track is asked for.
   *
   * @param chunks those that touch it and some before, in order of position
   * @param track number of the track
   * @param toMicros chunks that begin at or after it are left out
   */
  public String recorded(List<ChunkInfo> chunks, int track, long fromMicros, long toMicros) {
    List<ListedChunk> listed = new ArrayList<>();
    ListedChunk last = null;
    for (ChunkInfo chunk : chunks.subList(firstOf(chunks, fromMicros), chunks.size())) {
      if (chunk.positionMicros() < toMicros) {
        last = last == null ? ListedChunk.first(chunk, 0) : last.next(chunk);
        listed.add(last);
      }
    }
    PlaylistText text = new PlaylistText().tag("EXT-X-VERSION", 7);
    text.tag("EXT-X-TARGETDURATION", targetSeconds).tag("EXT-X-MEDIA-SEQUENCE", 0);
    text.tag("EXT-X-PLAYLIST-TYPE", "VOD");
    write(text, entries(listed, track), 0);
    return text.line("#EXT-X-ENDLIST").toString();
  }

  private static int firstOf(List<ChunkInfo> chunks, long fromMicros) {
    int first = 0;
    while (first < chunks.size() && chunks.get(first).endMicros() <= fromMicros) {
      first++;
    }
    for (int back = first; back >= 0 && back < chunks.size(); back--) {
      boolean sameEpoch = chunks.get(back).epoch().equals(chunks.get(first).epoch());
      if (sameEpoch && startable(chunks.get(back))) {
        return back;
      }
    }
    while (first < chunks.size() && !startable(chunks.get(first))) {
      first++;
    }
    return first;
  }

  /** Whether a decoder can start with its pictures, or with its sound where it has none. */
  private static boolean startable(ChunkInfo chunk) {
    return chunk.fragments().get(0).independent();
  }

  private void write(PlaylistText text, List<Entry> entries, int skipped) {
    Entry before = skipped > 0 ? entries.get(skipped - 1) : null;
    for (Entry entry : entries.subList(skipped, entries.size())) {
      boolean breaks =
          before != null && entry.listed.discontinuities() > before.listed.discontinuities();
      if (breaks) {
        text.line("#EXT-X-DISCONTINUITY");
      }
      if (before == null || !sameContent(entry.info.initKey(), before.info.initKey())) {
        text.map(mediaUri.apply(entry.info.initKey()));
      }
      text.date(entry.positionMicros);
      text.segment(entry.durationMicros);
      text.tag("EXT-X-BYTERANGE", entry.length + "@" + entry.offset);
      text.line(mediaUri.apply(entry.listed.chunk().key()));
      before = entry;
    }
  }

  /** Init parts are named by a digest of their content. */
  private static boolean sameContent(String initKey, String otherKey) {
    return initKey
        .substring(initKey.lastIndexOf('/') + 1)
        .equals(otherKey.substring(otherKey.lastIndexOf('/') + 1));
  }

  /** What lies further back than the skip boundary, all but the last few. */
  private int skippable(List<Entry> entries) {
    long boundary = 6L * targetSeconds * Positions.MICROS_PER_SECOND;
    int keep = 0;
    while (keep < entries.size() && boundary > 0) {
      keep++;
      boundary -= entries.get(entries.size() - keep).durationMicros;
    }
    return entries.size() - keep;
  }

  private static List<Entry> entries(List<ListedChunk> listed, int track) {
    List<Entry> entries = new ArrayList<>();
    for (ListedChunk chunk : listed) {
      List<Fragment> fragments = ListedChunk.of(chunk.chunk(), track);
      chunk.chunk().tracks().stream()
          .filter(info -> info.track() == track && !fragments.isEmpty())
          .findFirst()
          .ifPresent(info -> entries.add(new Entry(chunk, info, fragments)));
    }
    return entries;
  }

  private static long bitsPerSecond(List<ChunkInfo> chunks, int track) {
    long highest = 0;
    for (ChunkInfo chunk : chunks) {
      long size = ListedChunk.of(chunk, track).stream().mapToLong(Fragment::length).sum();
      long micros = Math.max(chunk.durationMicros(), Positions.MICROS_PER_SECOND / 2);
      highest = Math.max(highest, size * BITS_PER_BYTE * Positions.MICROS_PER_SECOND / micros);
    }
    return highest;
  }

  /** One track of one chunk: a media segment. */
  private static final class Entry {

    private final ListedChunk listed;
    private final TrackInfo info;
    private final long positionMicros;
    private final long durationMicros;
    private final long offset;
    private final long length;

    Entry(ListedChunk listed, TrackInfo info, List<Fragment> fragments) {
      this.listed = listed;
      this.info = info;
      Fragment first = fragments.get(0);
      Fragment last = fragments.get(fragments.size() - 1);
      positionMicros = first.positionMicros();
      offset = first.offset();
      length = last.offset() + last.length() - first.offset();
      durationMicros =
          Rational.rescale(
              last.decodeTicks() + last.durationTicks() - first.decodeTicks(),
              new Rational(1, info.timescale()),
              MICROS);
    }
  }
}
