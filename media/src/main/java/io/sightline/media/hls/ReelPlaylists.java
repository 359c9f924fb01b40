package io.sightline.media.hls;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.ComposedPiece;
import io.sightline.media.cut.DataRange;
import io.sightline.media.cut.PieceComposer;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The HLS form of a clip or replay: one timeline without discontinuities. Playlists are text made
 * from the index; a media segment is composed when it is fetched, by changing the decode times of
 * recorded fragments.
 *
 * <p>URIs are relative file names: {@code master.m3u8} leads to {@code track-{n}.m3u8}, that to
 * {@code init-{n}.mp4} and {@code seg-{n}-{i}.m4s}. All methods are stateless, for any thread.
 */
public final class ReelPlaylists {

  /** Of playlists. */
  public static final String PLAYLIST_TYPE = "application/vnd.apple.mpegurl";

  /** Of pictures, alone or with sound. */
  public static final String VIDEO_TYPE = "video/mp4";

  /** Of sound. */
  public static final String AUDIO_TYPE = "audio/mp4";

  /** The playlist that leads to all others. */
  public static final String MASTER = "master.m3u8";

  /** Sound is cut to whole frames, so its positions are a little off. */
  private static final long DATE_TOLERANCE_MICROS = 50_000;

  private static final Pattern PLAYLIST = Pattern.compile("track-(\\d{1,4})\\.m3u8");
  private static final Pattern INIT = Pattern.compile("init-(\\d{1,4})(?:-(\\d{1,6}))?\\.mp4");
  private static final Pattern SEGMENT = Pattern.compile("seg-(\\d{1,4})-(\\d{1,9})\\.m4s");
  private static final int BITS_PER_BYTE = 8;

  private ReelPlaylists() {}

  /** The master playlist: pictures, and one rendition per sound track. */
  public static String master(ClipIndex index) {
    return master(index, "", List.of());
  }

  /**
   * A master playlist from which players choose by what their connection and window allow.
   *
   * @param others the same reel in other encodings, with the same sound; those of another shape are
   *     left out, as a player would change between them
   */
  public static String master(ClipIndex index, List<ReelVariant> others) {
    return master(index, "", others);
  }

  /**
   * The same where it stands elsewhere than what it leads to.
   *
   * @param folder where the reel's own files are, seen from it, with a slash at its end
   * @param others with their folders seen from it, too
   */
  public static String master(ClipIndex index, String folder, List<ReelVariant> others) {
    List<ReelVariant> alike = others.stream().filter(other -> other.isLike(index)).toList();
    boolean independent =
        independent(index) && alike.stream().allMatch(other -> independent(other.index()));
    return PlaylistText.master(
        index.tracks(),
        track -> folder + playlistName(track),
        track -> bitsPerSecond(index, track),
        independent,
        alike);
  }

  private static boolean independent(ClipIndex index) {
    return index.tracks().stream()
        .mapToInt(TrackInfo::track)
        .distinct()
        .allMatch(track -> independent(segments(index, track)));
  }

  /**
   * The media playlist of a track.
   *
   * @param track {@link TrackInfo#track()} of one of the index's tracks
   * @param ended VOD with an end; otherwise EVENT, which grows by appending
   * @throws IllegalArgumentException when there is no such track
   */
  public static String media(ClipIndex index, int track, boolean ended) {
    List<ReelSegment> segments =
        ended ? segments(index, track) : ReelSegments.settled(index, track);
    PlaylistText text = new PlaylistText().tag("EXT-X-VERSION", 7);
    text.tag("EXT-X-TARGETDURATION", ReelSegments.TARGET_SECONDS);
    text.tag("EXT-X-MEDIA-SEQUENCE", 0);
    text.tag("EXT-X-PLAYLIST-TYPE", ended ? "VOD" : "EVENT");
    // A growing playlist cannot take back what it said of segments that are still to come.
    if (ended && independent(segments)) {
      text.line("#EXT-X-INDEPENDENT-SEGMENTS");
    }
    boolean dated = ended && runsOn(segments);
    String init = null;
    for (ReelSegment segment : segments) {
      if (!segment.init().equals(init)) {
        init = segment.init();
        text.map(init);
      }
      if (dated) {
        text.date(segment.pieces().get(0).positionMicros());
      }
      text.segment(segment.durationMicros()).line(segment.name());
    }
    if (ended) {
      text.line("#EXT-X-ENDLIST");
    }
    return text.toString();
  }

  /**
   * Whether dates go on as play does. Players take the date of one media segment for a clock of all
   * and lay sound beside pictures by it: where clips follow one another out of order or with holes,
   * hls.js then leaves sound out.
   */
  private static boolean runsOn(List<ReelSegment> segments) {
    long expected = 0;
    for (ReelSegment segment : segments) {
      long position = segment.pieces().get(0).positionMicros();
      if (segment != segments.get(0) && Math.abs(position - expected) > DATE_TOLERANCE_MICROS) {
        return false;
      }
      expected = position + segment.durationMicros();
    }
    return true;
  }

  /**
   * Names of the init parts and media segments that the media playlists list, in an order in which
   * a player could follow.
   *
   * @param ended as in {@link #media}
   */
  public static List<String> mediaNames(ClipIndex index, boolean ended) {
    Set<String> names = new LinkedHashSet<>();
    for (int track : tracks(index)) {
      List<ReelSegment> listed =
          ended ? segments(index, track) : ReelSegments.settled(index, track);
      for (ReelSegment segment : listed) {
        names.add(segment.init());
        names.add(segment.name());
      }
    }
    return List.copyOf(names);
  }

  /** Names of the media playlists. */
  public static List<String> playlistNames(ClipIndex index) {
    return tracks(index).stream().map(ReelPlaylists::playlistName).toList();
  }

  static String playlistName(int track) {
    return "track-" + track + ".m3u8";
  }

  private static List<Integer> tracks(ClipIndex index) {
    return index.tracks().stream().map(TrackInfo::track).distinct().toList();
  }

  /**
   * The media segments of a track, in order.
   *
   * @throws IllegalArgumentException when there is no such track
   */
  public static List<ReelSegment> segments(ClipIndex index, int track) {
    return ReelSegments.of(index, track);
  }

  /**
   * Any file of the reel by its name. Playlists are text at once; for init parts and media segments
   * it reads the heads of the fragments that they are made of, so it blocks.
   *
   * @param name as it stands in a playlist, or {@link #MASTER}
   * @param ended as in {@link #media}
   * @return empty when the reel has no such file
   * @throws MediaException MALFORMED when recorded bytes are not what the index says
   * @throws IOException when {@code bytes} fails
   */
  public static Optional<ReelFile> file(
      ClipIndex index, String name, boolean ended, ByteSource bytes)
      throws MediaException, IOException {
    if (name.equals(MASTER)) {
      return Optional.of(playlist(master(index)));
    }
    Matcher playlist = PLAYLIST.matcher(name);
    if (playlist.matches()) {
      int track = Integer.parseInt(playlist.group(1));
      return has(index, track)
          ? Optional.of(playlist(media(index, track, ended)))
          : Optional.empty();
    }
    Matcher init = INIT.matcher(name);
    if (init.matches()) {
      return init(index, Integer.parseInt(init.group(1)), init.group(2), bytes);
    }
    Matcher segment = SEGMENT.matcher(name);
    if (segment.matches() && has(index, Integer.parseInt(segment.group(1)))) {
      List<ReelSegment> segments = segments(index, Integer.parseInt(segment.group(1)));
      int number = Integer.parseInt(segment.group(2));
      return number < segments.size()
          ? Optional.of(compose(index, segments.get(number), bytes))
          : Optional.empty();
    }
    return Optional.empty();
  }

  /**
   * A media segment as it is delivered: changed fragment headers, and the recorded bytes between
   * them by name.
   *
   * @param segment of this index
   */
  public static ReelFile compose(ClipIndex index, ReelSegment segment, ByteSource bytes)
      throws MediaException, IOException {
    PieceComposer composer = new PieceComposer(index, bytes);
    List<MediaPart> parts = new ArrayList<>();
    for (ClipIndex.Piece piece : segment.pieces()) {
      ComposedPiece composed = composer.compose(piece);
      DataRange rest = composed.rest();
      parts.add(new MediaPart.Bytes(composed.head()));
      parts.add(new MediaPart.Range(rest.key(), rest.offset(), rest.length()));
    }
    return new ReelFile(typeOf(index, segment.track()), parts);
  }

  private static Optional<ReelFile> init(
      ClipIndex index, int track, String configuration, ByteSource bytes)
      throws MediaException, IOException {
    if (!has(index, track)) {
      return Optional.empty();
    }
    TrackInfo lead = PieceComposer.leadOf(index, track);
    TrackInfo recorded = lead;
    if (configuration != null) {
      int number = Integer.parseInt(configuration);
      if (number >= index.tracks().size() || index.tracks().get(number).track() != track) {
        return Optional.empty();
      }
      recorded = index.tracks().get(number);
    }
    byte[] content = bytes.read(recorded.initKey(), 0, -1);
    if (recorded.timescale() != lead.timescale()) {
      content = InitSegment.read(content).withTimescale(lead.timescale()).write();
    }
    return Optional.of(new ReelFile(typeOf(index, track), List.of(new MediaPart.Bytes(content))));
  }

  private static ReelFile playlist(String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    return new ReelFile(PLAYLIST_TYPE, List.of(new MediaPart.Bytes(content)));
  }

  private static boolean has(ClipIndex index, int track) {
    return index.tracks().stream().anyMatch(info -> info.track() == track);
  }

  private static boolean independent(List<ReelSegment> segments) {
    return segments.stream().allMatch(ReelSegment::independent);
  }

  private static String typeOf(ClipIndex index, int track) {
    return PieceComposer.leadOf(index, track).kind() == TrackInfo.Kind.VIDEO
        ? VIDEO_TYPE
        : AUDIO_TYPE;
  }

  /** The highest over its media segments, as {@code BANDWIDTH} wants it. */
  static long bitsPerSecond(ClipIndex index, int track) {
    long highest = 0;
    for (ReelSegment segment : segments(index, track)) {
      long size = segment.pieces().stream().mapToLong(ClipIndex.Piece::length).sum();
      long micros = Math.max(segment.durationMicros(), Positions.MICROS_PER_SECOND / 2);
      highest = Math.max(highest, size * BITS_PER_BYTE * Positions.MICROS_PER_SECOND / micros);
    }
    return highest;
  }
}
