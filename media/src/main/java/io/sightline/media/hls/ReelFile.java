package io.sightline.media.hls;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.DataRange;
import io.sightline.media.cut.Mp4File;
import io.sightline.records.ClipIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of a clip or replay as it is delivered: a playlist, an init part, a media segment or the
 * whole as MP4.
 *
 * @param contentType as in {@code Content-Type}
 * @param parts in order; recorded bytes are named, not held
 */
public record ReelFile(String contentType, List<MediaPart> parts) {

  public ReelFile {
    parts = List.copyOf(parts);
  }

  /**
   * A clip or replay as one MP4, composed of what is stored. Reads the heads of all its fragments,
   * so it blocks.
   *
   * @throws MediaException MALFORMED when recorded bytes are not what the index says
   * @throws IOException when {@code bytes} fails
   */
  public static ReelFile mp4(ClipIndex index, ByteSource bytes) throws MediaException, IOException {
    Mp4File file = Mp4File.of(index, bytes);
    List<MediaPart> parts = new ArrayList<>();
    parts.add(new MediaPart.Bytes(file.head()));
    for (DataRange range : file.media()) {
      parts.add(new MediaPart.Range(range.key(), range.offset(), range.length()));
    }
    return new ReelFile(ReelPlaylists.VIDEO_TYPE, parts);
  }

  /** In bytes. */
  public long length() {
    return parts.stream().mapToLong(MediaPart::length).sum();
  }
}
