package io.sightline.edgecapture.rtmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sightline.media.MediaException;
import io.sightline.media.flv.FlvReader;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever arrives ends in nothing but the declared exceptions, and what is held stays bounded. The
 * build replays the kept inputs; {@code JAZZER_FUZZ=1 ./mvnw test -pl edge-capture -am
 * -Dtest=RtmpFuzzTest#session -Dsurefire.failIfNoSpecifiedTests=false} looks for new ones.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class RtmpFuzzTest {

  private static final long MAX_HELD_BYTES = 2L * ChunkStreamReader.MAX_MESSAGE_BYTES + 4_096;

  @FuzzTest(maxDuration = "30m")
  void session(FuzzedDataProvider data) {
    RtmpSession session =
        new RtmpSession(bytes -> {}, (app, key) -> new Publication(new Nobody(), "fuzz"));
    try {
      if (data.consumeBoolean()) {
        session.feed(
            Buffer.buffer(new byte[] {3})
                .appendBytes(new byte[Handshake.HELLO_BYTES - 1 + Handshake.ANSWER_BYTES]));
      }
      int pieces = data.consumeInt(1, 8);
      for (int piece = 0; piece < pieces; piece++) {
        byte[] bytes =
            piece + 1 == pieces ? data.consumeRemainingAsBytes() : data.consumeBytes(4_096);
        session.feed(Buffer.buffer(bytes));
        assertThat(session.heldBytes()).isLessThanOrEqualTo(MAX_HELD_BYTES);
      }
    } catch (RtmpException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @FuzzTest(maxDuration = "30m")
  void amf0(byte[] data) {
    try {
      assertThat(Amf0.read(ByteBuffer.wrap(data))).hasSizeLessThan(2_000);
    } catch (RtmpException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @FuzzTest(maxDuration = "30m")
  void flv(byte[] data) {
    if (data.length == 0) {
      return;
    }
    ByteBuffer body = ByteBuffer.wrap(data, 1, data.length - 1);
    try {
      var unit = data[0] % 2 == 0 ? FlvReader.video(data[0], body) : FlvReader.audio(data[0], body);
      unit.ifPresent(each -> assertThat(each.data().remaining()).isLessThanOrEqualTo(data.length));
    } catch (MediaException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  /** A connection that hears nothing. */
  private static final class Nobody implements Publication.Peer {
    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void end(String why) {}
  }
}
