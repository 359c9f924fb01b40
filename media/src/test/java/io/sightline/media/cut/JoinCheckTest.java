package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.encode.PictureLook;
import io.sightline.media.encode.PictureLooks;
import io.sightline.media.source.Packet;
import io.sightline.media.testing.TestVideo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JoinCheckTest {

  private final Map<Long, PictureLook> looks = new HashMap<>();
  private EncodedTrack track;
  private List<Packet> packets;

  @BeforeEach
  void record() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().file());
    List<Recorded> recorded =
        Recorded.of(recording.chunks(), recording.chunks().get(0).tracks().get(0).track());
    // The box crosses the pictures of the third one.
    Gop gop = Gop.runs(recorded, recording).get(0).get(2);
    track =
        EncodedTrack.beside(
            gop.first(), recording, new Pieces("clip", recording, made -> {})::init, false);
    packets = gop.pictures(recording).stream().map(Gop.Picture::packet).toList();
    try (PictureLooks seen = new PictureLooks(track.source())) {
      packets.forEach(seen::accept);
      seen.finish().forEach(look -> looks.put(look.ticks(), look));
    }
  }

  @Test
  void picturesAsRecorded_pass() throws Exception {
    play(packets, Long.MIN_VALUE);
  }

  @Test
  void pictureThatLooksLikeAnother_isSeen_unlessItLiesBeforeWhatIsCompared() throws Exception {
    long wrong = packets.get(4).pts();
    PictureLook other = looks.get(packets.get(20).pts());
    looks.put(wrong, new PictureLook(wrong, other.grid()));

    assertThatThrownBy(() -> play(packets, Long.MIN_VALUE))
        .isInstanceOfSatisfying(MediaException.class, JoinCheckTest::assertUnsupported)
        .hasMessageContaining("look wrong");
    play(packets, packets.get(5).pts());
  }

  @Test
  void pictureThatDoesNotComeOut_isSeen() {
    List<Packet> damaged = new ArrayList<>(packets);
    Packet last = packets.get(24);
    damaged.set(24, Packet.of(0, last.pts(), last.dts(), 0, false, ByteBuffer.allocate(40)));

    assertThatThrownBy(() -> play(damaged, Long.MIN_VALUE))
        .isInstanceOfSatisfying(MediaException.class, JoinCheckTest::assertUnsupported)
        .hasMessageContaining("do not come out of a decoder");
  }

  private static void assertUnsupported(MediaException e) {
    assertThat(e.reason()).isEqualTo(MediaException.Reason.UNSUPPORTED);
  }

  private void play(List<Packet> played, long fromTicks) throws MediaException {
    try (JoinCheck check = new JoinCheck(track, looks, fromTicks)) {
      check.copied(played);
      check.step();
      check.finish();
    }
  }
}
