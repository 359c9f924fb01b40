package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.ObjectSink;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.records.ClipIndex;
import io.sightline.records.ReelPart;
import io.sightline.records.RenditionSpec;
import java.io.IOException;
import java.util.List;

/**
 * A part of reels in another size or shape, or at another loudness. What is the same whatever
 * follows it is the same there, too, so that a playlist of it only grows.
 */
public final class RenderedPart {

  private RenderedPart() {}

  /**
   * Renders a part.
   *
   * @param id of the rendition
   * @param folder for the keys of new objects, with a slash at its end
   * @param part one that did not fail
   * @param path what is seen of the pictures where not all of it is, by their positions in the
   *     recording, those of fades too
   * @param bytes where the part's objects are; read on the caller's thread
   * @param made takes the objects that the result names besides those of the part's sound
   * @return each of its indexes has that of the pictures as first track
   * @throws MediaException as {@link RenderedClip}
   * @throws IOException when {@code bytes} or {@code made} fails
   */
  public static ReelPart render(
      String id,
      String folder,
      ReelPart part,
      RenditionSpec wanted,
      CropPath path,
      VideoEncoder encoder,
      ByteSource bytes,
      ObjectSink made)
      throws MediaException, IOException {
    boolean fades = part.joined() != null && !part.joined().equals(part.last());
    RenderedEnds.Ends rendered =
        new RenderedEnds(id, folder, wanted, path, encoder, bytes, made)
            .render(
                part.open(), fades ? List.of(part.last(), part.joined()) : List.of(part.last()));
    List<ClipIndex> ends = rendered.ends();
    ClipIndex joined = part.joined() == null ? null : ends.get(ends.size() - 1);
    return new ReelPart(rendered.open(), ends.get(0), joined, null, null);
  }
}
