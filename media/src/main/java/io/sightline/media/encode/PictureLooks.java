package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Decodes packets and looks at what comes out, beside what the caller does between them. One
 * thread; owns native memory until closed.
 */
public final class PictureLooks implements AutoCloseable {

  private final TrackDecoder decoder;
  private final List<PictureLook> seen = new ArrayList<>();

  /**
   * @throws MediaException UNSUPPORTED when the track cannot be decoded
   */
  public PictureLooks(SourceTrack track) throws MediaException {
    decoder = new TrackDecoder(track, TrackDecoder.BESIDE);
  }

  /**
   * Takes the next packet in decoding order; the first one is a keyframe's. Waits while as many are
   * being decoded as may be.
   */
  public void accept(Packet packet) {
    decoder.send(packet);
    look();
  }

  /** What all pictures look like, in order of show; nothing more may come. */
  public List<PictureLook> finish() {
    decoder.drain();
    look();
    return seen;
  }

  private void look() {
    for (AVFrame picture; (picture = decoder.receive()) != null; ) {
      seen.add(PictureLook.of(picture));
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
