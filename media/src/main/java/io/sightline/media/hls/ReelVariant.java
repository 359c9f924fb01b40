package io.sightline.media.hls;

import io.sightline.media.cut.PieceComposer;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.util.Optional;

/**
 * A reel in another encoding.
 *
 * @param folder where its files are, seen from the master playlist, with a slash at its end
 */
public record ReelVariant(String folder, ClipIndex index) {

  /** Two shapes that differ by less look the same. */
  private static final double TOLERANCE = 0.02;

  /** Whether its pictures have the shape of another's. */
  boolean isLike(ClipIndex other) {
    Optional<TrackInfo> mine = picture(index);
    Optional<TrackInfo> theirs = picture(other);
    return mine.isPresent()
        && theirs.isPresent()
        && Math.abs(ratio(mine.get()) / ratio(theirs.get()) - 1) < TOLERANCE;
  }

  /** What it says of its pictures. */
  TrackInfo picture() {
    return picture(index).orElseThrow();
  }

  private static Optional<TrackInfo> picture(ClipIndex index) {
    return index.tracks().stream()
        .filter(info -> info.kind() == TrackInfo.Kind.VIDEO)
        .map(info -> PieceComposer.leadOf(index, info.track()))
        .findFirst();
  }

  private static double ratio(TrackInfo picture) {
    return (double) Math.max(1, picture.width()) / Math.max(1, picture.height());
  }
}
