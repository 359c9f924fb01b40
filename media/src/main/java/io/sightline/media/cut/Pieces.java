package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.MovieFragment;
import io.sightline.records.ClipIndex;
import io.sightline.records.Ids;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The pieces of a clip while it is cut; objects made for them are stored at once. Not thread-safe.
 */
final class Pieces {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final String clip;
  private final ByteSource bytes;
  private final Configurations configurations = new Configurations();
  private final List<ClipIndex.Piece> pieces = new ArrayList<>();
  private final ObjectSink objects;
  private final Set<String> inits = new HashSet<>();
  private int pieceNumber;

  Pieces(String clip, ByteSource bytes, ObjectSink objects) {
    this.clip = clip;
    this.bytes = bytes;
    this.objects = objects;
  }

  /** The timescale of a track of the clip: that of its first recording. */
  Rational unit(Recorded from) {
    TrackInfo info = from.track();
    configurations.indexOf(info, info.track());
    return new Rational(1, configurations.lead(info.track()).timescale());
  }

  /**
   * Adds a whole fragment.
   *
   * @param clipTicks when it is decoded, in the timescale of the clip's track
   */
  void range(Recorded from, long clipTicks) {
    add(
        from,
        from.chunk().key(),
        from.fragment().offset(),
        from.fragment().length(),
        from.fragment().positionMicros(),
        from.fragment().decodeTicks(),
        clipTicks,
        from.fragment().durationTicks(),
        from.fragment().independent());
  }

  /**
   * Copies some samples of a fragment into a new one.
   *
   * @param samples consecutive ones, with the times that they are to have
   */
  void rewrapped(Recorded from, List<FragmentSample> samples, long positionMicros, long clipTicks)
      throws MediaException, IOException {
    long start = samples.get(0).offset();
    long size = samples.stream().mapToLong(FragmentSample::size).sum();
    if (start + size > from.fragment().length()) {
      throw new MediaException(
          MediaException.Reason.MALFORMED,
          "A fragment of " + from.chunk().key() + " is shorter than its samples");
    }
    byte[] media = bytes.read(from.chunk().key(), from.fragment().offset() + start, size);
    boolean independent = from.fragment().independent() && samples.get(0).sync();
    made(from, samples, media, positionMicros, clipTicks, independent);
  }

  /**
   * Adds a fragment that was not recorded.
   *
   * @param from whose track it belongs to
   * @param samples with the times that they are to have
   * @param media their bytes, in order
   */
  void made(
      Recorded from,
      List<FragmentSample> samples,
      byte[] media,
      long positionMicros,
      long clipTicks,
      boolean independent)
      throws IOException {
    long decode = samples.get(0).decodeTicks();
    byte[] content = MovieFragment.of(samples, media);
    // Named by its content, too: two who make the same clip do not make the same bytes, and what
    // one
    // says of a piece must not be true of another's.
    String key = "clips/" + clip + "/piece-" + pieceNumber++ + "-" + Ids.digest(content) + ".mp4";
    objects.put(new NewObject(key, content));
    add(
        from,
        key,
        0,
        content.length,
        positionMicros,
        decode,
        clipTicks,
        samples.stream().mapToLong(FragmentSample::durationTicks).sum(),
        independent);
  }

  /** Adds an init part that was not recorded; the same content is stored once. */
  String init(int track, byte[] content) throws IOException {
    String key = "clips/" + clip + "/init-" + track + "-" + Ids.digest(content) + ".mp4";
    if (inits.add(key)) {
      objects.put(new NewObject(key, content));
    }
    return key;
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** The index, all tracks interleaved by time. */
  ClipIndex index() {
    long reorderMicros = 0;
    for (TrackInfo info : configurations.entries()) {
      reorderMicros =
          Math.max(
              reorderMicros,
              Rational.rescale(info.reorderTicks(), new Rational(1, info.timescale()), MICROS));
    }
    List<ClipIndex.Piece> placed = new ArrayList<>();
    for (ClipIndex.Piece piece : pieces) {
      TrackInfo lead = configurations.lead(piece.track());
      // The clip's first picture is presented one delay after its decoding; sound waits for it.
      long wait =
          lead.kind() == TrackInfo.Kind.AUDIO
              ? Rational.rescale(reorderMicros, MICROS, new Rational(1, lead.timescale()))
              : 0;
      placed.add(ClipPieces.moved(piece, piece.clipTicks() + wait, piece.configuration()));
    }
    placed.sort(
        Comparator.comparingLong(
                (ClipIndex.Piece piece) ->
                    Rational.rescale(
                        piece.clipTicks(),
                        new Rational(1, configurations.lead(piece.track()).timescale()),
                        MICROS))
            .thenComparingInt(ClipIndex.Piece::track));
    return new ClipIndex(clip, configurations.entries(), reorderMicros, placed);
  }

  private void add(
      Recorded from,
      String key,
      long offset,
      long length,
      long positionMicros,
      long decodeTicks,
      long clipTicks,
      long durationTicks,
      boolean independent) {
    int track = from.track().track();
    int configuration = configurations.indexOf(from.track(), track);
    Rational unit = new Rational(1, configurations.lead(track).timescale());
    pieces.add(
        new ClipIndex.Piece(
            track,
            key,
            offset,
            length,
            positionMicros,
            decodeTicks,
            clipTicks,
            Rational.rescale(durationTicks, from.unit(), unit),
            independent,
            configurations.nameOf(configuration)));
  }
}
