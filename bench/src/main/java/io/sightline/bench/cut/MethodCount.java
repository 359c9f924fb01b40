package io.sightline.bench.cut;

import io.sightline.media.cut.CutResult;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** By which methods the clips of one source type were made. Not thread-safe. */
final class MethodCount {

  private static final String WHOLE = "is encoded as a whole: ";
  private static final String MADE = "clips/";

  private final Map<String, Integer> whole = new TreeMap<>();
  private int copied;
  private int inOwnPieces;

  void add(CutResult cut) {
    String note = cut.note() == null ? "" : cut.note();
    if (note.contains(WHOLE)) {
      String reason = note.substring(note.indexOf(WHOLE) + WHOLE.length()).split(";")[0];
      whole.merge(reason, 1, Integer::sum);
    } else if (cut.index().pieces().stream().anyMatch(piece -> isCopy(cut.index(), piece))) {
      copied++;
    } else {
      inOwnPieces++;
    }
  }

  private static boolean isCopy(ClipIndex index, ClipIndex.Piece piece) {
    boolean pictures =
        index.tracks().stream()
            .anyMatch(
                track -> track.track() == piece.track() && track.kind() == TrackInfo.Kind.VIDEO);
    return pictures && !piece.key().startsWith(MADE);
  }

  /** A sentence with the number of each. */
  String sentence() {
    List<String> parts = new ArrayList<>();
    if (copied > 0) {
      parts.add(copied + " copied, their edges encoded");
    }
    if (inOwnPieces > 0) {
      parts.add(inOwnPieces + " without a whole GOP that is copied where it lies");
    }
    whole.forEach((reason, count) -> parts.add(count + " encoded as a whole: " + reason));
    return String.join("; ", parts);
  }
}
