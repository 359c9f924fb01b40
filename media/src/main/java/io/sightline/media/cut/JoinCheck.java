package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.encode.PictureLook;
import io.sightline.media.source.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decodes a clip around its joins and compares it with the recording: as many pictures, at the same
 * times, that look the same. Whatever a header, an encoder or a decoder does not do as expected is
 * seen here, before anybody plays the clip.
 */
final class JoinCheck {

  /** How many copied pictures are looked at behind a join. */
  private static final int BEHIND = 6;

  private final EncodedTrack track;
  private final Map<Long, PictureLook> looks;

  /**
   * @param looks of recorded pictures that have been decoded anyway, by presentation time
   */
  JoinCheck(EncodedTrack track, Map<Long, PictureLook> looks) {
    this.track = track;
    this.looks = looks;
  }

  /**
   * Checks where encoded pictures are followed by copied ones.
   *
   * @param gop the copied pictures, in decoding order
   * @throws MediaException UNSUPPORTED when the clip does not show what was recorded
   */
  void into(List<Packet> encoded, List<Packet> gop) throws MediaException {
    List<Packet> behind = gop.subList(0, Math.min(BEHIND, gop.size()));
    look(behind);
    List<Packet> played = new ArrayList<>(encoded);
    played.addAll(behind);
    compare(played);
  }

  /**
   * Checks the end of a clip.
   *
   * @param gop all recorded pictures of the last GOP, in decoding order
   * @param copied those of them that are in the clip
   * @param encoded what follows them; may be empty
   * @throws MediaException UNSUPPORTED when the clip does not show what was recorded
   */
  void outOf(List<Packet> gop, List<Packet> copied, List<Packet> encoded) throws MediaException {
    boolean known = copied.stream().allMatch(packet -> looks.containsKey(packet.pts()));
    if (!known) {
      long last = copied.get(copied.size() - 1).pts();
      int decoded = 1;
      while (gop.get(decoded - 1).pts() != last) {
        decoded++;
      }
      look(gop.subList(0, decoded));
    }
    List<Packet> played = new ArrayList<>(copied);
    played.addAll(encoded);
    compare(played);
  }

  private void look(List<Packet> recorded) throws MediaException {
    PictureLook.all(track.source(), recorded)
        .forEach(look -> looks.putIfAbsent(look.ticks(), look));
  }

  private void compare(List<Packet> played) throws MediaException {
    List<PictureLook> seen = PictureLook.all(track.clip(), played);
    List<Long> expected = played.stream().map(Packet::pts).sorted().toList();
    if (!seen.stream().map(PictureLook::ticks).toList().equals(expected)) {
      throw new MediaException(
          Reason.UNSUPPORTED, "its pictures do not come out of a decoder when joined with others");
    }
    for (PictureLook look : seen) {
      PictureLook recorded = looks.get(look.ticks());
      if (recorded == null || !look.like(recorded)) {
        throw new MediaException(
            Reason.UNSUPPORTED, "its pictures look wrong when joined with others");
      }
    }
  }
}
