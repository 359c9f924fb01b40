package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.ObjectSink;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.records.ClipIndex;
import io.sightline.records.RenditionSpec;
import java.io.IOException;
import java.util.List;

/**
 * A clip in another size or shape, or at another loudness: each picture is encoded once, at its
 * time. Sound is referred to as it is, unless its loudness is set. Memory is bounded however long
 * the clip is.
 */
public final class RenderedClip {

  private RenderedClip() {}

  /**
   * Renders a clip, by what every machine has.
   *
   * @throws MediaException as below
   * @throws IOException as below
   */
  public static ClipIndex render(
      String id,
      ClipIndex clip,
      RenditionSpec wanted,
      CropPath path,
      ByteSource bytes,
      ObjectSink made)
      throws MediaException, IOException {
    return render(id, clip, wanted, path, VideoEncoder.OPENH264, bytes, made);
  }

  /**
   * Renders a clip.
   *
   * @param id of the rendition, for the keys of new objects
   * @param encoder of the pictures
   * @param path what is seen of the pictures where not all of it is
   * @param bytes where the clip's objects are; read on the caller's thread
   * @param made takes the objects that the index names besides those of the clip's sound
   * @return its index, whose clip is {@code id}; its first track is that of the pictures
   * @throws MediaException UNSUPPORTED when the clip has no pictures, they cannot be decoded, or
   *     the machine does not have the encoder; MALFORMED when its objects are not what its index
   *     says
   * @throws IOException when {@code bytes} or {@code made} fails
   */
  public static ClipIndex render(
      String id,
      ClipIndex clip,
      RenditionSpec wanted,
      CropPath path,
      VideoEncoder encoder,
      ByteSource bytes,
      ObjectSink made)
      throws MediaException, IOException {
    return new RenderedEnds(id, "clips/" + id + "/", wanted, path, encoder, bytes, made)
        .render(null, List.of(clip))
        .ends()
        .get(0);
  }
}
