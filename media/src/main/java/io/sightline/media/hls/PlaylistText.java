package io.sightline.media.hls;

import io.sightline.records.Positions;
import io.sightline.records.TrackInfo;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;

/** The lines of a playlist (RFC 8216). Not thread-safe. */
final class PlaylistText {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final StringBuilder text = new StringBuilder("#EXTM3U\n");

  PlaylistText line(String line) {
    text.append(line).append('\n');
    return this;
  }

  PlaylistText tag(String name, Object value) {
    return line("#" + name + ":" + value);
  }

  PlaylistText map(String uri) {
    return line("#EXT-X-MAP:URI=\"" + uri + "\"");
  }

  PlaylistText date(long positionMicros) {
    return tag("EXT-X-PROGRAM-DATE-TIME", DATE.format(Positions.instant(positionMicros)));
  }

  PlaylistText segment(long durationMicros) {
    return line("#EXTINF:" + seconds(durationMicros) + ",");
  }

  @Override
  public String toString() {
    return text.toString();
  }

  static String seconds(long micros) {
    return String.format(
        Locale.ROOT,
        "%d.%06d",
        micros / Positions.MICROS_PER_SECOND,
        micros % Positions.MICROS_PER_SECOND);
  }

  /**
   * A master playlist.
   *
   * @param tracks one entry per codec configuration
   * @param uris of the tracks' media playlists
   * @param bitsPerSecond of each track
   * @param others further encodings of the pictures, with the same sound
   */
  static String master(
      List<TrackInfo> tracks,
      IntFunction<String> uris,
      IntToLongFunction bitsPerSecond,
      boolean independent,
      List<ReelVariant> others) {
    List<TrackInfo> firsts = new ArrayList<>();
    Set<Integer> numbers = new TreeSet<>();
    Set<String> codecs = new LinkedHashSet<>();
    for (TrackInfo track : tracks) {
      codecs.add(track.codec());
      if (numbers.add(track.track())) {
        firsts.add(track);
      }
    }
    List<TrackInfo> sounds =
        firsts.stream().filter(track -> track.kind() == TrackInfo.Kind.AUDIO).toList();
    TrackInfo picture =
        firsts.stream()
            .filter(track -> track.kind() == TrackInfo.Kind.VIDEO)
            .findFirst()
            .orElse(null);
    PlaylistText text = new PlaylistText().tag("EXT-X-VERSION", 7);
    if (independent) {
      text.line("#EXT-X-INDEPENDENT-SEGMENTS");
    }
    boolean group = !sounds.isEmpty() && (picture != null || sounds.size() > 1);
    if (group) {
      for (int index = 0; index < sounds.size(); index++) {
        text.line(rendition(sounds.get(index), index, uris));
      }
    }
    TrackInfo main = picture == null ? sounds.get(0) : picture;
    long sound =
        group
            ? sounds.stream()
                .filter(one -> one != main)
                .mapToLong(one -> bitsPerSecond.applyAsLong(one.track()))
                .max()
                .orElse(0)
            : 0;
    long rate = sound + bitsPerSecond.applyAsLong(main.track());
    text.line(variant(picture, rate, codecs, group)).line(uris.apply(main.track()));
    for (ReelVariant other : others) {
      TrackInfo pictures = other.picture();
      Set<String> itsCodecs = new LinkedHashSet<>(List.of(pictures.codec()));
      sounds.forEach(one -> itsCodecs.add(one.codec()));
      long itsRate = sound + ReelPlaylists.bitsPerSecond(other.index(), pictures.track());
      text.line(variant(pictures, itsRate, itsCodecs, group))
          .line(other.folder() + ReelPlaylists.playlistName(pictures.track()));
    }
    return text.toString();
  }

  private static String variant(TrackInfo picture, long rate, Set<String> codecs, boolean group) {
    StringBuilder variant = new StringBuilder("#EXT-X-STREAM-INF:BANDWIDTH=");
    variant.append(Math.max(1, rate));
    variant.append(",CODECS=\"").append(String.join(",", codecs)).append('"');
    if (picture != null && picture.width() > 0 && picture.height() > 0) {
      variant.append(",RESOLUTION=").append(picture.width()).append('x').append(picture.height());
      if (picture.frameRate() != null && picture.frameRate().numerator() > 0) {
        variant.append(
            String.format(Locale.ROOT, ",FRAME-RATE=%.3f", picture.frameRate().toDouble()));
      }
    }
    if (group) {
      variant.append(",AUDIO=\"sound\"");
    }
    return variant.toString();
  }

  private static String rendition(TrackInfo sound, int index, IntFunction<String> uris) {
    String language = language(sound.language());
    StringBuilder line = new StringBuilder("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\"");
    line.append(",NAME=\"").append(index + 1);
    line.append(language == null ? "" : " " + language).append('"');
    if (language != null) {
      line.append(",LANGUAGE=\"").append(language).append('"');
    }
    line.append(index == 0 ? ",DEFAULT=YES" : ",DEFAULT=NO").append(",AUTOSELECT=YES");
    if (sound.channels() > 0) {
      line.append(",CHANNELS=\"").append(sound.channels()).append('"');
    }
    return line.append(",URI=\"").append(uris.apply(sound.track())).append('"').toString();
  }

  /** What a source says is written into a quoted string, so only a language tag passes. */
  private static String language(String language) {
    boolean tag = language != null && language.matches("[A-Za-z0-9-]{2,35}");
    return tag && !language.equals("und") ? language : null;
  }
}
