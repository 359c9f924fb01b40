package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cuts clips out of recorded chunks without encoding anything. A clip begins with the keyframe at
 * or before mark-in and ends with the last picture before mark-out; pictures behind mark-out stay
 * only where earlier ones cannot be decoded without them. It crosses chunks, epochs and gaps in one
 * pass; a gap shortens it. Sound is cut to whole frames.
 */
public final class Cut {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** A hole shorter than this is no gap: reconnecting leaves one picture's worth. */
  private static final long SHORTEST_GAP_MICROS = 100_000;

  private Cut() {}

  /**
   * Cuts a clip.
   *
   * @param clipId for the keys of new objects
   * @param chunks of one stream and run that touch the stretch from the keyframe before mark-in to
   *     mark-out, in any order; others are ignored
   * @param markIn position where it should begin
   * @param markOut position where it should end; a picture at this position is not in
   * @param bytes where the chunks are; read on the caller's thread
   * @param made takes the objects that the clip's index names besides the chunks
   * @throws MediaException NOT_FOUND when nothing was recorded between the marks; UNSUPPORTED when
   *     that cannot be cut without encoding; MALFORMED when chunks are not what they say
   * @throws IOException when {@code bytes} or {@code made} fails
   */
  public static CutResult copy(
      String clipId,
      List<ChunkInfo> chunks,
      long markIn,
      long markOut,
      ByteSource bytes,
      ObjectSink made)
      throws MediaException, IOException {
    checkMarks(markIn, markOut);
    Map<Integer, TrackInfo.Kind> tracks = tracks(chunks);
    Pieces pieces = new Pieces(clipId, bytes, made);
    List<Stretch> stretches = null;
    long lastPicture = Long.MIN_VALUE;
    for (Map.Entry<Integer, TrackInfo.Kind> track : tracks.entrySet()) {
      if (track.getValue() == TrackInfo.Kind.VIDEO && stretches == null) {
        List<Recorded> recorded = Recorded.of(chunks, track.getKey());
        PictureCut cut = new PictureCut(recorded, markIn, markOut, bytes, pieces);
        stretches = cut.cut();
        lastPicture = cut.lastPictureMicros();
      }
    }
    boolean pictures = stretches != null;
    stretches = sounds(chunks, tracks, markIn, markOut, stretches, bytes, pieces);
    CutNote note = new CutNote(markIn, markOut, false);
    return result(pieces, stretches, note, pictures, lastPicture);
  }

  /**
   * Cuts a clip that shows exactly the pictures with {@code mark-in <= position < mark-out}. What
   * was recorded is copied but for a few pictures at the marks, which are encoded; where that
   * cannot be exact, or a decoder does not show what it should, the whole clip is encoded, and the
   * note says why.
   *
   * @param clipId for the keys of new objects
   * @param chunks of one stream and run that touch the stretch from the keyframe before mark-in to
   *     mark-out, in any order; others are ignored
   * @param bytes where the chunks are; read on the caller's thread
   * @param made takes the objects that the clip's index names besides the chunks
   * @throws MediaException NOT_FOUND when nothing was recorded between the marks; UNSUPPORTED when
   *     its codec can neither be copied exactly nor decoded; MALFORMED when chunks are not what
   *     they say
   * @throws IOException when {@code bytes} or {@code made} fails
   */
  public static CutResult exact(
      String clipId,
      List<ChunkInfo> chunks,
      long markIn,
      long markOut,
      ByteSource bytes,
      ObjectSink made)
      throws MediaException, IOException {
    return exact(clipId, chunks, markIn, markOut, bytes, made, why -> bytes);
  }

  /** What is asked before a clip is encoded as a whole, which takes as long as it is. */
  @FunctionalInterface
  public interface Whole {

    /**
     * @param why in words, as the clip's note says it
     * @return where the chunks are; read on the caller's thread
     * @throws RuntimeException when it is not to be encoded; nothing was made then
     */
    ByteSource bytes(String why);
  }

  /**
   * As above.
   *
   * @param whole asked when it turns out that all has to be encoded
   */
  public static CutResult exact(
      String clipId,
      List<ChunkInfo> chunks,
      long markIn,
      long markOut,
      ByteSource bytes,
      ObjectSink made,
      Whole whole)
      throws MediaException, IOException {
    // What is made at the marks is little, and of no use when everything is encoded after all.
    List<NewObject> edges = new ArrayList<>();
    try {
      CutResult cut = exact(clipId, chunks, markIn, markOut, bytes, edges::add, (String) null);
      for (NewObject edge : edges) {
        made.put(edge);
      }
      return cut;
    } catch (MediaException e) {
      if (e.reason() != MediaException.Reason.UNSUPPORTED) {
        throw e;
      }
      String why = e.getMessage();
      return exact(clipId, chunks, markIn, markOut, whole.bytes(why), made, why);
    }
  }

  /**
   * @param whole why everything is encoded; null when it is not
   */
  private static CutResult exact(
      String clipId,
      List<ChunkInfo> chunks,
      long markIn,
      long markOut,
      ByteSource bytes,
      ObjectSink made,
      String whole)
      throws MediaException, IOException {
    checkMarks(markIn, markOut);
    Pieces pieces = new Pieces(clipId, bytes, made);
    List<Stretch> stretches = null;
    int damaged = 0;
    String reason = whole;
    Map<Integer, TrackInfo.Kind> tracks = tracks(chunks);
    for (Map.Entry<Integer, TrackInfo.Kind> track : tracks.entrySet()) {
      if (track.getValue() == TrackInfo.Kind.VIDEO && stretches == null) {
        List<Recorded> recorded = Recorded.of(chunks, track.getKey());
        ExactCut cut = new ExactCut(recorded, markIn, markOut, bytes, pieces, whole != null);
        stretches = cut.cut();
        damaged = cut.damaged();
        reason = cut.open() ? "its GOPs are open" : whole;
      }
    }
    boolean pictures = stretches != null;
    stretches = sounds(chunks, tracks, markIn, markOut, stretches, bytes, pieces);
    CutNote note = new CutNote(markIn, markOut, true);
    return result(pieces, stretches, note, pictures, Long.MIN_VALUE)
        .with(CutNote.encoded(reason, damaged));
  }

  private static void checkMarks(long markIn, long markOut) {
    if (markIn >= markOut) {
      throw new IllegalArgumentException(
          "Mark-out " + markOut + " must lie after mark-in " + markIn);
    }
  }

  private static Map<Integer, TrackInfo.Kind> tracks(List<ChunkInfo> chunks) {
    Map<Integer, TrackInfo.Kind> tracks = new TreeMap<>();
    for (ChunkInfo chunk : chunks) {
      chunk.tracks().forEach(track -> tracks.putIfAbsent(track.track(), track.kind()));
    }
    return tracks;
  }

  /**
   * Lays all sound tracks under the pictures.
   *
   * @param shown stretches that the pictures show; null without pictures
   * @return the stretches of the clip
   */
  private static List<Stretch> sounds(
      List<ChunkInfo> chunks,
      Map<Integer, TrackInfo.Kind> tracks,
      long markIn,
      long markOut,
      List<Stretch> shown,
      ByteSource bytes,
      Pieces pieces)
      throws MediaException, IOException {
    List<Stretch> stretches = shown;
    for (Map.Entry<Integer, TrackInfo.Kind> track : tracks.entrySet()) {
      if (track.getValue() == TrackInfo.Kind.AUDIO) {
        List<Recorded> recorded = Recorded.of(chunks, track.getKey());
        stretches = stretches == null ? SoundStretches.of(recorded, markIn, markOut) : stretches;
        new SoundCut(recorded, bytes, pieces, shown != null).cut(stretches);
      }
    }
    if (stretches == null || stretches.isEmpty() || pieces.isEmpty()) {
      throw new MediaException(
          MediaException.Reason.NOT_FOUND, "Nothing was recorded between the marks");
    }
    return stretches;
  }

  private static CutResult result(
      Pieces pieces, List<Stretch> stretches, CutNote note, boolean pictures, long lastPicture) {
    Stretch last = stretches.get(stretches.size() - 1);
    long start = stretches.get(0).fromMicros();
    long end = last.toMicros();
    long duration =
        Rational.rescale(last.clipTicks(), last.clipUnit(), MICROS)
            + Rational.rescale(last.toTicks() - last.fromTicks(), last.unit(), MICROS);
    List<Clip.Gap> gaps = new ArrayList<>();
    for (int index = 1; index < stretches.size(); index++) {
      long gapStart = stretches.get(index - 1).toMicros();
      long gapEnd = stretches.get(index).fromMicros();
      if (gapEnd - gapStart >= SHORTEST_GAP_MICROS) {
        gaps.add(new Clip.Gap(gapStart, gapEnd));
      }
    }
    String words = note.of(start, end, gaps, pictures, lastPicture >= note.markOut());
    return new CutResult(pieces.index(), start, end, duration, gaps, words);
  }
}
