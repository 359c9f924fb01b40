package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.encode.Backdrop;
import io.sightline.records.ClipIndex;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Progress;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes what a reel needs encoded: a clip that fades, a video in the form of a clip. */
public final class EncodedPart {

  private EncodedPart() {}

  /**
   * Makes a part. The same order gives the same objects.
   *
   * @param bytes where the objects are that the order names; read on the caller's thread
   * @param made takes the objects that the part names besides those
   * @return the part, or why there is none
   * @throws IOException when {@code bytes} or {@code made} fails, or another time may do better
   */
  public static ReelPart make(ReelPartOrder order, ByteSource bytes, ObjectSink made)
      throws IOException {
    return make(order, bytes, made, (doing, fraction) -> {});
  }

  /**
   * As above.
   *
   * @param progress is told how far it has come
   */
  public static ReelPart make(
      ReelPartOrder order, ByteSource bytes, ObjectSink made, Progress progress)
      throws IOException {
    try {
      ClipIndex clip = Json.decode(bytes.read(order.index(), 0, -1), ClipIndex.class);
      if (order.file() != null) {
        return file(order, clip, bytes, made, progress);
      }
      ByteSource watched = WatchedBytes.of(bytes, clip, "fading", progress);
      FadedClip faded =
          FadedClip.of(
              clip,
              fade(order.in(), bytes),
              fade(order.out(), bytes),
              ReelPart.folder(order.key()),
              watched,
              made);
      return new ReelPart(faded.open(), faded.last(), faded.joined(), faded.note(), null);
    } catch (MediaException e) {
      if (e.reason() == Reason.UNAVAILABLE || e.reason() == Reason.TIMEOUT) {
        throw new IOException(e.getMessage(), e);
      }
      return ReelPart.failed(e.getMessage());
    }
  }

  private static ReelPart file(
      ReelPartOrder order, ClipIndex form, ByteSource bytes, ObjectSink made, Progress progress)
      throws MediaException, IOException {
    Path draft = Files.createTempFile("sightline-insert", ".video");
    try {
      Files.write(draft, bytes.read(order.file(), 0, -1));
      int sound = order.sound() == null ? 1 : order.sound();
      ClipIndex index =
          InsertedClip.of(draft, form, ReelPart.folder(order.key()), sound, bytes, made, progress);
      return new ReelPart(null, index, null, null, null);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Named by all that it is, so that what is made of it is found again. */
  private static Fade fade(ReelPartOrder.Fade fade, ByteSource bytes)
      throws MediaException, IOException {
    if (fade == null) {
      return null;
    }
    Backdrop backdrop =
        fade.picture() == null
            ? Backdrop.of(fade.rgb())
            : Backdrop.of(bytes.read(fade.picture(), 0, -1));
    return new Fade(Ids.digest(Json.encode(fade)), fade.micros(), backdrop);
  }
}
