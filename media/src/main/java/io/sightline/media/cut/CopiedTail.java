package io.sightline.media.cut;

import io.sightline.media.MediaException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which pictures of a last GOP can be copied so that nothing after them is shown.
 *
 * <p>Copying up to a place is possible when every picture that is shown at or after it, but decoded
 * before the last one kept, is one that no other refers to: leaving those out harms nobody. Without
 * B-pictures that is the case everywhere, with pyramids of them a few pictures before the mark.
 *
 * @param kept in decoding order; may be empty
 * @param endTicks presentation time of the first picture that is not kept
 */
record CopiedTail(List<Gop.Picture> kept, long endTicks) {

  /**
   * @param pictures of a GOP in decoding order
   * @param markOut presentation time; only what is shown before it may be kept
   * @param gopEnd presentation time after the last picture
   */
  static CopiedTail of(List<Gop.Picture> pictures, long markOut, long gopEnd)
      throws MediaException {
    List<Long> shown =
        pictures.stream().map(Gop.Picture::shown).sorted(Comparator.naturalOrder()).toList();
    int wanted = (int) shown.stream().filter(ticks -> ticks < markOut).count();
    for (int count = wanted; count > 0; count--) {
      long end = count < shown.size() ? shown.get(count) : gopEnd;
      List<Gop.Picture> kept = keptBefore(end, pictures);
      if (kept != null) {
        return new CopiedTail(kept, end);
      }
    }
    return new CopiedTail(List.of(), shown.isEmpty() ? gopEnd : shown.get(0));
  }

  /**
   * Whether nothing is left out before the last one kept.
   *
   * @param pictures of the GOP in decoding order
   */
  boolean isBeginningOf(List<Gop.Picture> pictures) {
    // Compared by identity: to compare them by value would be to compare their bytes.
    return kept.isEmpty() || kept.get(kept.size() - 1) == pictures.get(kept.size() - 1);
  }

  /**
   * Up to the last one that is kept.
   *
   * @param pictures of the GOP in decoding order
   */
  List<Gop.Picture> neededOf(List<Gop.Picture> pictures) {
    long last = kept.get(kept.size() - 1).shown();
    int end = 1;
    while (pictures.get(end - 1).shown() != last) {
      end++;
    }
    return pictures.subList(0, end);
  }

  /** Null when something that would be left out is needed. */
  private static List<Gop.Picture> keptBefore(long end, List<Gop.Picture> pictures)
      throws MediaException {
    int last = -1;
    for (int index = 0; index < pictures.size(); index++) {
      last = pictures.get(index).shown() < end ? index : last;
    }
    List<Gop.Picture> kept = new ArrayList<>();
    for (int index = 0; index <= last; index++) {
      Gop.Picture picture = pictures.get(index);
      if (picture.shown() < end) {
        kept.add(picture);
      } else if (!picture.unreferenced()) {
        return null;
      }
    }
    return kept;
  }
}
