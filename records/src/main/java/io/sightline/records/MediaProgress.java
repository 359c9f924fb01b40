package io.sightline.records;

/**
 * How far the making of something has come that takes longer than a moment. It is there while that
 * is being made, and gone soon after whoever made it.
 *
 * @param id of the clip or rendition that is being made, or of the replay whose MP4 is, with the
 *     name of the rendition behind a dot where it is made in one
 * @param doing what is being done to it now, in words: {@code cutting}, {@code writing the MP4}
 * @param percent of that which is done, 0 to 100
 * @param atMicros wall clock of this report
 */
public record MediaProgress(String id, String doing, int percent, long atMicros) {

  public MediaProgress {
    Ids.requireId("media", id);
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException(
          "Of " + id + " " + percent + " % are done; 0 to 100 can be");
    }
  }
}
