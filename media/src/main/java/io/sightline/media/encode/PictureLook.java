package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.picture.BrightnessGrid;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * What a decoded picture looks like, coarsely: enough to tell whether two are the same.
 *
 * @param ticks presentation time in the track's time base
 */
public record PictureLook(long ticks, BrightnessGrid grid) {

  /** Mean difference of the cells, of 255, that coding well may make. */
  private static final double ALIKE = 4;

  static PictureLook of(AVFrame picture) {
    return new PictureLook(TrackDecoder.ticks(picture), BrightnessGrid.of(picture));
  }

  /** Whether both show the same, as far as coding it once more may change it. */
  public boolean like(PictureLook other) {
    return grid.distance(other.grid) <= ALIKE;
  }

  /**
   * Decodes packets and looks at what comes out, in order of show.
   *
   * @param packets in decoding order, beginning with a keyframe
   * @throws MediaException UNSUPPORTED when the track cannot be decoded
   */
  public static List<PictureLook> all(SourceTrack track, List<Packet> packets)
      throws MediaException {
    List<PictureLook> looks = new ArrayList<>();
    try (TrackDecoder decoder = new TrackDecoder(track)) {
      for (Packet packet : packets) {
        decoder.send(packet);
        receive(decoder, looks);
      }
      decoder.drain();
      receive(decoder, looks);
    }
    return looks;
  }

  private static void receive(TrackDecoder decoder, List<PictureLook> looks) {
    for (AVFrame picture; (picture = decoder.receive()) != null; ) {
      looks.add(of(picture));
    }
  }
}
