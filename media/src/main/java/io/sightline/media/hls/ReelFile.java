package io.sightline.media.hls;

import java.util.List;

/**
 * A file of a clip or replay as it is delivered: a playlist, an init part or a media segment.
 *
 * @param contentType as in {@code Content-Type}
 * @param parts in order; recorded bytes are named, not held
 */
public record ReelFile(String contentType, List<MediaPart> parts) {

  public ReelFile {
    parts = List.copyOf(parts);
  }

  /** In bytes. */
  public long length() {
    return parts.stream().mapToLong(MediaPart::length).sum();
  }
}
