package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Whether an encoder makes what it is given. Drivers differ, and a rendition is looked at by nobody
 * before it is shown: the first pictures are decoded again and compared, and all are counted.
 */
final class EncoderCheck {

  /** Enough for a driver that is wrong to show it. */
  private static final int COMPARED = 16;

  private final String encoder;
  private final SourceTrack track;
  private final List<PictureLook> given = new ArrayList<>();
  private final List<Packet> made = new ArrayList<>();
  private long givenCount;
  private long madeCount;
  private boolean compared;

  /**
   * @param encoder its name, for messages
   * @param track what it says that it makes
   */
  EncoderCheck(String encoder, SourceTrack track) {
    this.encoder = encoder;
    this.track = track;
  }

  /**
   * @param picture that is encoded next
   */
  void give(AVFrame picture) {
    if (givenCount++ < COMPARED) {
      given.add(PictureLook.of(picture));
    }
  }

  /**
   * @throws MediaException UNSUPPORTED when the first pictures are not what was given
   */
  void take(Packet packet) throws MediaException {
    if (madeCount++ < COMPARED) {
      made.add(packet);
      if (made.size() == COMPARED) {
        compare();
      }
    }
  }

  /**
   * Nothing more comes.
   *
   * @throws MediaException UNSUPPORTED when the encoder has not made what was given
   */
  void finish() throws MediaException {
    if (givenCount != madeCount) {
      throw wrong("of " + givenCount + " pictures it made " + madeCount);
    }
    compare();
  }

  private void compare() throws MediaException {
    if (compared || made.isEmpty()) {
      return;
    }
    compared = true;
    List<PictureLook> seen;
    try (PictureLooks looks = new PictureLooks(track)) {
      made.forEach(looks::accept);
      seen = looks.finish();
    }
    if (seen.size() != made.size()) {
      throw wrong("of " + made.size() + " pictures " + seen.size() + " can be decoded");
    }
    for (int at = 0; at < seen.size(); at++) {
      if (seen.get(at).ticks() != given.get(at).ticks() || !seen.get(at).like(given.get(at))) {
        throw wrong("a picture does not look like the one it was given");
      }
    }
    given.clear();
    made.clear();
  }

  private MediaException wrong(String what) {
    return new MediaException(Reason.UNSUPPORTED, encoder + " does not work here: " + what);
  }
}
