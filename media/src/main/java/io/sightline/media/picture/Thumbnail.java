package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A small picture that stands for a clip. */
public final class Thumbnail {

  private static final int QUANTIZER = 5;

  private Thumbnail() {}

  /**
   * The first picture of a fragment, as JPEG, upright and in its shape.
   *
   * @param init init part of the video track
   * @param fragment {@code moof} and {@code mdat} that begin with a keyframe
   * @param maxWidth in pixels
   * @throws MediaException when there is no picture in it that can be decoded
   */
  public static byte[] of(byte[] init, byte[] fragment, int maxWidth) throws MediaException {
    try (MediaSource source = MediaSource.of(init, fragment)) {
      Optional<SourceTrack> video =
          source.tracks().stream().filter(SourceTrack::isVideo).findFirst();
      if (video.isEmpty()) {
        throw new MediaException(Reason.UNSUPPORTED, "A thumbnail needs a video track");
      }
      return first(source, video.get(), new JpegSettings(QUANTIZER, maxWidth));
    }
  }

  private static byte[] first(MediaSource source, SourceTrack video, JpegSettings settings)
      throws MediaException {
    List<SampledFrame> frames = new ArrayList<>();
    try (FrameSampler sampler = new FrameSampler(video, Sampling.ALL_KEYFRAMES, settings)) {
      for (Packet packet; frames.isEmpty() && (packet = source.next()) != null; ) {
        sampler.accept(packet, frames::add);
      }
      sampler.finish(frames::add);
    }
    if (frames.isEmpty()) {
      throw new MediaException(
          Reason.MALFORMED, "The fragment holds no keyframe that can be decoded");
    }
    return frames.get(0).jpeg();
  }
}
