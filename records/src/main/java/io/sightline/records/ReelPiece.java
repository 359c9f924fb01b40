package io.sightline.records;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One thing that plays in a replay, in whichever encoding: a clip as it is, or a {@link ReelPart}.
 *
 * @param media id of the clip, or object key of the part
 * @param part whether it is a part
 * @param end which of its ends a part has
 */
public record ReelPiece(String media, boolean part, End end) {

  /** How a part goes on. */
  public enum End {
    /** Something follows, and it is not known yet what. */
    OPEN,
    /** Nothing follows. */
    LAST,
    /** Another item follows. */
    JOINED
  }

  /**
   * What plays in a replay, in order.
   *
   * @param items of its version; in any order
   * @return empty when nothing does, and when it was made before it was noted what its items are
   *     joined by
   */
  public static List<ReelPiece> of(Replay replay, List<ReplayItem> items) {
    List<ReplayItem> shown =
        items.stream()
            .filter(item -> item.included() && item.clip() != null)
            .sorted(Comparator.comparingInt(ReplayItem::order))
            .toList();
    List<ReelPiece> pieces = new ArrayList<>();
    if (replay.joins() != null && shown.stream().anyMatch(item -> item.parts() == null)) {
      return pieces;
    }
    for (int at = 0; at < shown.size(); at++) {
      ReplayItem item = shown.get(at);
      boolean last = at == shown.size() - 1;
      End end = !last ? End.JOINED : replay.complete() ? End.LAST : End.OPEN;
      ReplayItem.Parts parts = item.parts();
      if (parts == null) {
        pieces.add(new ReelPiece(item.clip(), false, end));
        continue;
      }
      add(pieces, parts.before());
      pieces.add(
          parts.own() == null || Boolean.TRUE.equals(parts.plain())
              ? new ReelPiece(item.clip(), false, end)
              : new ReelPiece(parts.own(), true, end));
      if (end == End.LAST) {
        add(pieces, parts.after());
      }
    }
    return pieces;
  }

  private static void add(List<ReelPiece> pieces, String file) {
    if (file != null) {
      pieces.add(new ReelPiece(file, true, End.LAST));
    }
  }

  /**
   * What plays of a reel, in order.
   *
   * @param made what each piece is, null when that is nothing; then nothing plays before it either
   */
  public static List<ClipIndex> reel(List<ReelPiece> pieces, List<ClipIndex> made) {
    List<ClipIndex> reel = new ArrayList<>(made.subList(0, pieces.size()));
    int last = pieces.size() - 1;
    if (last >= 0 && reel.get(last) == null) {
      reel.remove(last);
      if (last > 0 && pieces.get(last - 1).isFile()) {
        reel.remove(last - 1);
      }
    }
    return reel;
  }

  private boolean isFile() {
    return part && ReelPart.clip(media) == null;
  }

  /** What of a part plays; null when that is nothing, as only the last piece may be. */
  public ClipIndex of(ReelPart made) {
    return switch (end) {
      case OPEN -> made.open();
      case LAST -> made.last();
      case JOINED -> made.joined();
    };
  }
}
