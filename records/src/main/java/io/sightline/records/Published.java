package io.sightline.records;

import java.util.List;

/**
 * What has been copied out of a replay. Names are URLs where the installation says under which
 * address what it publishes is served, else paths below where it publishes.
 *
 * @param version of the replay that its master playlist leads to; 0 before the first
 * @param segments of that version that are there
 * @param complete whether nothing more can come
 * @param requestRevision as in the replay that was copied
 * @param master null before the first
 * @param mp4 null when there is none
 * @param poster a JPEG; null when there is none
 * @param versions of which there are files, oldest first
 * @param atMicros wall clock when it was copied last
 * @param error why it cannot be published; null when it can
 * @param renditions what is there in other encodings; of an earlier version as long as the newest
 *     has not all of it
 */
public record Published(
    String replay,
    int version,
    int segments,
    boolean complete,
    int requestRevision,
    String master,
    String mp4,
    String poster,
    List<Integer> versions,
    long atMicros,
    String error,
    List<Copy> renditions) {

  /**
   * What has been copied in another encoding.
   *
   * @param version of the replay that it is of
   * @param segments of it that are there
   * @param width in pixels
   * @param height in pixels
   * @param master leads to it alone, whatever its shape
   * @param mp4 null when there is none
   */
  public record Copy(
      String name, int version, int segments, int width, int height, String master, String mp4) {}

  public Published {
    Ids.requireName("replay", replay);
    versions = versions == null ? List.of() : List.copyOf(versions);
    renditions = renditions == null ? List.of() : List.copyOf(renditions);
  }
}
