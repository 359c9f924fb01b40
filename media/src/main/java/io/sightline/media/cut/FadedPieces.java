package io.sightline.media.cut;

import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.MovieFragment;
import io.sightline.records.ClipIndex;
import io.sightline.records.Ids;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pieces of one faded track while they are put together: what is the same whatever follows the
 * clip, what comes then when nothing follows, and what when something does. Objects are stored at
 * once. Not thread-safe.
 */
final class FadedPieces {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /**
   * A piece and what it is coded with.
   *
   * @param info described under the clip's track
   */
  record Part(ClipIndex.Piece piece, TrackInfo info) {}

  /** In order of play. */
  final List<Part> open = new ArrayList<>();

  /** What follows {@link #open} when the clip is the last. */
  final List<Part> last = new ArrayList<>();

  /** What follows {@link #open} when another clip comes. */
  final List<Part> joined = new ArrayList<>();

  private final String folder;
  private final TrackInfo lead;
  private final long delayMicros;
  private final ObjectSink objects;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Set<String> inits = new HashSet<>();

  /**
   * @param folder for what is made, with a slash at its end
   * @param lead of the clip's track
   * @param delayMicros of the clip between decoding and presenting
   */
  FadedPieces(String folder, TrackInfo lead, long delayMicros, ObjectSink objects) {
    this.folder = folder;
    this.lead = lead;
    this.delayMicros = delayMicros;
    this.objects = objects;
  }

  /** In ticks of the clip's track. */
  long ticks(long micros) {
    return Rational.rescale(micros, MICROS, unit(lead));
  }

  /** The same with the timescale of the clip's track. */
  TrackInfo timed(TrackInfo info) {
    return new TrackInfo(
        info.track(),
        info.kind(),
        info.codec(),
        info.initKey(),
        lead.timescale(),
        info.reorderTicks(),
        info.width(),
        info.height(),
        info.frameRate(),
        info.sampleRate(),
        info.channels(),
        info.language());
  }

  /**
   * Stores a fragment.
   *
   * @param name of what it belongs to; fragments of one name are numbered
   * @param samples with the clip's times, in ticks of its track
   * @param positionMicros of its earliest sample
   */
  Part made(
      String name, TrackInfo info, MadeFragment samples, long positionMicros, boolean independent)
      throws IOException {
    List<FragmentSample> own = own(samples.samples(), info);
    byte[] content = MovieFragment.of(own, samples.media());
    // Named by its content, too: made once more, by somebody else, it is not the same bytes.
    String number = lead.track() + "-" + next(name) + "-" + Ids.digest(content);
    String key = folder + name + "-" + number + ".mp4";
    objects.put(new NewObject(key, content));
    FragmentSample first = samples.samples().get(0);
    FragmentSample end = samples.samples().get(samples.samples().size() - 1);
    return new Part(
        new ClipIndex.Piece(
            lead.track(),
            key,
            0,
            content.length,
            positionMicros,
            own.get(0).decodeTicks(),
            first.decodeTicks(),
            end.decodeTicks() + end.durationTicks() - first.decodeTicks(),
            independent),
        info);
  }

  /** Stores an init part; the same content once. */
  String init(int track, byte[] content) throws IOException {
    String key = folder + "init-" + track + "-" + Ids.digest(content) + ".mp4";
    if (inits.add(key)) {
      objects.put(new NewObject(key, content));
    }
    return key;
  }

  private int next(String name) {
    return numbers.merge(name, 1, Integer::sum) - 1;
  }

  /** As a recorder would have described them: in its timescale, with its delay. */
  private List<FragmentSample> own(List<FragmentSample> samples, TrackInfo info) {
    Rational from = unit(lead);
    Rational to = unit(info);
    long grown = PieceComposer.growth(info, lead, delayMicros);
    List<FragmentSample> own = new ArrayList<>();
    for (FragmentSample sample : samples) {
      long decode = Rational.rescale(sample.decodeTicks(), from, to);
      long end = Rational.rescale(sample.decodeTicks() + sample.durationTicks(), from, to);
      long shown = Rational.rescale(sample.presentationTicks() - grown, from, to);
      own.add(
          new FragmentSample(
              decode, end - decode, Math.max(0, shown - decode), sample.sync(), 0, sample.size()));
    }
    return own;
  }

  private static Rational unit(TrackInfo info) {
    return new Rational(1, info.timescale());
  }
}
