package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.encode.PictureLook;
import io.sightline.media.encode.PictureLooks;
import io.sightline.media.source.Packet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Plays a clip around one of its joins and compares it with the recording: as many pictures, at the
 * same times, that look the same. Whatever a header, an encoder or a decoder does not do as
 * expected is seen here, before anybody plays the clip.
 *
 * <p>It is fed while the join is made, so that what is encoded is decoded beside the encoding of
 * what follows. Used by one thread; owns native memory until closed.
 */
final class JoinCheck implements AutoCloseable {

  /** How many copied pictures are looked at behind a join. */
  static final int BEHIND = 6;

  private final EncodedTrack track;
  private final Map<Long, PictureLook> recorded;
  private final long fromTicks;
  private final PictureLooks player;
  private final Deque<Packet> waiting = new ArrayDeque<>();
  private final List<Long> expected = new ArrayList<>();

  /**
   * @param recorded what recorded pictures look like, by presentation time; asked at the end, and
   *     added to
   * @param fromTicks presentation time of the first picture that is compared; earlier ones are
   *     decoded only
   * @throws MediaException UNSUPPORTED when the clip cannot be decoded
   */
  JoinCheck(EncodedTrack track, Map<Long, PictureLook> recorded, long fromTicks)
      throws MediaException {
    this.track = track;
    this.recorded = recorded;
    this.fromTicks = fromTicks;
    player = new PictureLooks(track.clip());
  }

  /**
   * Has copied pictures played: one at each step, the rest before what is encoded next.
   *
   * @param pictures in decoding order
   */
  void copied(List<Packet> pictures) {
    waiting.addAll(pictures);
  }

  /** Plays one of the copied pictures that wait. */
  void step() {
    if (!waiting.isEmpty()) {
      play(waiting.remove());
    }
  }

  /**
   * Looks at recorded pictures, which nobody else decodes.
   *
   * @param pictures in decoding order, from a keyframe on
   */
  void look(List<Packet> pictures) throws MediaException {
    try (PictureLooks looks = new PictureLooks(track.source())) {
      for (Packet picture : pictures) {
        looks.accept(picture);
        step();
      }
      looks.finish().forEach(look -> recorded.putIfAbsent(look.ticks(), look));
    }
  }

  /** Plays a picture that was encoded. */
  void encoded(Packet picture) {
    playWaiting();
    play(picture);
  }

  /**
   * Plays what is left, and compares.
   *
   * @throws MediaException UNSUPPORTED when the clip does not show what was recorded
   */
  void finish() throws MediaException {
    playWaiting();
    List<PictureLook> seen =
        player.finish().stream().filter(look -> look.ticks() >= fromTicks).toList();
    expected.sort(null);
    if (!seen.stream().map(PictureLook::ticks).toList().equals(expected)) {
      throw new MediaException(
          Reason.UNSUPPORTED, "its pictures do not come out of a decoder when joined with others");
    }
    for (PictureLook look : seen) {
      PictureLook like = recorded.get(look.ticks());
      if (like == null || !look.like(like)) {
        throw new MediaException(
            Reason.UNSUPPORTED, "its pictures look wrong when joined with others");
      }
    }
  }

  private void playWaiting() {
    while (!waiting.isEmpty()) {
      step();
    }
  }

  private void play(Packet picture) {
    if (picture.pts() >= fromTicks) {
      expected.add(picture.pts());
    }
    player.accept(picture);
  }

  @Override
  public void close() {
    player.close();
  }
}
