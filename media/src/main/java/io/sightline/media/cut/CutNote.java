package io.sightline.media.cut;

import io.sightline.records.Clip;
import io.sightline.records.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Says in words how a clip differs from its marks.
 *
 * @param exact whether it begins with the first picture at or after mark-in
 */
record CutNote(long markIn, long markOut, boolean exact) {

  /** Less than any picture's time is not worth a word. */
  private static final long WORTH_MICROS = 5_000;

  /** A clip ends where its last picture does, which is up to one picture's time off. */
  private static final long PICTURE_MICROS = 100_000;

  /**
   * @param behind whether pictures at or after mark-out are in
   * @return null when there is nothing to say
   */
  String of(long start, long end, List<Clip.Gap> gaps, boolean pictures, boolean behind) {
    List<String> words = new ArrayList<>();
    if (markIn - start > WORTH_MICROS) {
      words.add("starts " + seconds(markIn - start) + " before the mark, at the keyframe");
    } else if (start - markIn > (exact && pictures ? PICTURE_MICROS : WORTH_MICROS)) {
      words.add(
          "starts "
              + seconds(start - markIn)
              + " after the mark, at the first "
              + (pictures ? exact ? "picture" : "keyframe" : "sound")
              + " that was recorded");
    }
    if (behind && end - markOut > WORTH_MICROS) {
      words.add(
          "ends "
              + seconds(end - markOut)
              + " after the mark, with a picture that earlier ones need");
    } else if (markOut - end > PICTURE_MICROS) {
      words.add("ends " + seconds(markOut - end) + " before the mark, with the recording");
    }
    long missing = gaps.stream().mapToLong(gap -> gap.endMicros() - gap.startMicros()).sum();
    if (missing > 0) {
      words.add("leaves out " + seconds(missing) + " that were not recorded");
    }
    return words.isEmpty() ? null : String.join("; ", words);
  }

  /**
   * How much was encoded that could not be copied.
   *
   * @param whole why everything was; null when not
   * @param damaged how many pictures could not be decoded
   * @return null when there is nothing to say
   */
  static String encoded(String whole, int damaged) {
    List<String> words = new ArrayList<>();
    if (whole != null) {
      words.add("is encoded as a whole: " + whole);
    }
    if (damaged > 0) {
      words.add("leaves out " + damaged + " damaged pictures");
    }
    return words.isEmpty() ? null : String.join("; ", words);
  }

  private static String seconds(long micros) {
    return String.format(Locale.ROOT, "%.2f s", Positions.seconds(micros));
  }
}
