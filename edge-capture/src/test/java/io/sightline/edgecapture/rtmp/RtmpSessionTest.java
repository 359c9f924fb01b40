package io.sightline.edgecapture.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.flv.FlvUnit;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The talk, word by word; the encoder's side is written by hand. */
class RtmpSessionTest {

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final List<RtmpMessage> said = new ArrayList<>();
  private final ChunkStreamReader answers = new ChunkStreamReader(said::add);
  private final Publication publication = new Publication(new Silent(), "encoder");
  private Buffer handshake = Buffer.buffer();
  private boolean admitting = true;
  private RtmpSession session;

  @BeforeEach
  void begin() {
    handshake = Buffer.buffer();
    session =
        new RtmpSession(
            this::hear,
            (app, key) -> {
              if (!admitting || !app.equals("court-1") || !key.equals("secret")) {
                throw new RtmpException("There is no such stream, or it has another key");
              }
              return publication;
            });
  }

  @Test
  void handshake_inPieces_isAnsweredWithTheOtherEndsBytes() throws Exception {
    Buffer hello = Buffer.buffer(new byte[] {3});
    for (int i = 0; i < 1_536; i++) {
      hello.appendByte((byte) (i * 7));
    }
    session.feed(hello.getBuffer(0, 700));
    assertThat(handshake.length()).isZero();
    session.feed(hello.getBuffer(700, hello.length()));

    assertThat(handshake.length()).isEqualTo(1 + 2 * 1_536);
    assertThat(handshake.getByte(0)).isEqualTo((byte) 3);
    assertThat(handshake.getBuffer(1 + 1_536, 1 + 2 * 1_536))
        .isEqualTo(hello.getBuffer(1, hello.length()));
    assertThat(session.open()).isFalse();
    session.feed(Buffer.buffer(new byte[1_536]));
    assertThat(session.open()).isTrue();
  }

  @Test
  void publish_asObsDoes_isAcceptedAndMediaArrives() throws Exception {
    open();
    command("connect", 1, Map.of("app", "court-1/", "tcUrl", "rtmp://host/court-1"));
    command("releaseStream", 2, null, "secret");
    command("FCPublish", 3, null, "secret");
    command("createStream", 4, null);
    command("publish", 5, null, "secret", "live");
    media(9, 40, 0x17, 0, 0, 0, 0, 1);
    media(9, 80, 0x17, 1, 0, 0, 0, 2);
    media(8, 81, 0xaf, 1, 3);

    assertThat(names()).contains("_result", "onStatus");
    assertThat(status()).isEqualTo("NetStream.Publish.Start");
    assertThat(publication.take(AT_ONCE).kind()).isEqualTo(FlvUnit.Kind.HEADER);
    assertThat(publication.take(AT_ONCE).dtsMillis()).isEqualTo(80);
    assertThat(publication.take(AT_ONCE).codec()).isEqualTo("aac");

    command("FCUnpublish", 6, null, "secret");
    assertThat(publication.over()).isTrue();
    assertThat(session.publication()).isNull();
  }

  @Test
  void publish_notAdmitted_isRefusedInWordsAndEnds() throws Exception {
    admitting = false;
    open();
    command("connect", 1, Map.of("app", "court-1"));
    command("createStream", 2, null);

    assertThatThrownBy(() -> command("publish", 3, null, "secret", "live"))
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining("another key");

    assertThat(status()).isEqualTo("NetStream.Publish.BadName");
  }

  @Test
  void outOfTurn_isRefused() throws Exception {
    open();
    assertThatThrownBy(() -> command("publish", 1, null, "secret", "live"))
        .hasMessageContaining("before it connects");
    begin();
    open();
    command("connect", 1, Map.of("app", "court-1"));
    assertThatThrownBy(() -> command("connect", 2, Map.of("app", "court-1")))
        .hasMessageContaining("connects twice");
    begin();
    open();
    command("connect", 1, Map.of("app", "court-1"));
    assertThatThrownBy(() -> command("play", 2, null, "court-1"))
        .hasMessageContaining("wants to play");
    assertThat(status()).isEqualTo("NetStream.Play.Failed");
  }

  @Test
  void mediaBeforePublish_isNotTaken() throws Exception {
    open();
    command("connect", 1, Map.of("app", "court-1"));

    media(9, 0, 0x17, 1, 0, 0, 0, 2);

    assertThat(publication.over()).isFalse();
    assertThatThrownBy(() -> publication.take(AT_ONCE)).hasMessageContaining("nothing");
  }

  @Test
  void timestamps_beyond32Bits_goOn() throws Exception {
    publish();
    long wrap = 1L << 32;
    for (long time : new long[] {wrap - 40, wrap - 20, 0, 20, wrap - 10, 40}) {
      media(8, time, 0xaf, 1, 3);
    }
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      times.add(publication.take(AT_ONCE).dtsMillis());
    }
    assertThat(times).containsExactly(wrap - 40, wrap - 20, wrap, wrap + 20, wrap - 10, wrap + 40);
  }

  @Test
  void aggregate_isTakenApart() throws Exception {
    publish();
    Buffer tags =
        Buffer.buffer()
            .appendBuffer(tag(8, 500, 0xaf, 1, 3))
            .appendBuffer(tag(9, 520, 0x27, 1, 0, 0, 0, 4));
    send(22, 1_000, tags.getBytes());

    FlvUnit sound = publication.take(AT_ONCE);
    FlvUnit picture = publication.take(AT_ONCE);
    assertThat(sound.dtsMillis()).isEqualTo(1_000);
    assertThat(sound.video()).isFalse();
    assertThat(picture.dtsMillis()).isEqualTo(1_020);
    assertThat(picture.data()).isEqualTo(ByteBuffer.wrap(new byte[] {4}));
  }

  @Test
  void ping_isAnswered_andWhatCameIsAcknowledged() throws Exception {
    publish();
    said.clear();
    send(4, 0, new byte[] {0, 6, 0, 0, 0, 9});
    assertThat(said).hasSize(1);
    assertThat(said.get(0).type()).isEqualTo(RtmpMessage.USER_CONTROL);
    assertThat(said.get(0).body().getShort()).isEqualTo((short) 7);

    said.clear();
    int[] picture = new int[60_000];
    picture[0] = 0x27;
    picture[1] = 1;
    for (int i = 0; i < 50; i++) {
      media(9, i, picture);
      publication.take(AT_ONCE);
    }
    assertThat(said).extracting(RtmpMessage::type).contains(RtmpMessage.ACKNOWLEDGEMENT);
  }

  @Test
  void codecThatIsNotTaken_isSaidToTheEncoder() throws Exception {
    publish();
    assertThatThrownBy(() -> media(9, 0, 0x12, 0)).hasMessageContaining("FLV codec 2");
    assertThat(status()).isEqualTo("NetStream.Publish.Failed");
  }

  private void open() throws RtmpException {
    session.feed(Buffer.buffer(new byte[] {3}).appendBytes(new byte[2 * 1_536]));
  }

  private void publish() throws RtmpException {
    open();
    command("connect", 1, Map.of("app", "court-1"));
    command("createStream", 2, null);
    command("publish", 3, null, "secret", "live");
  }

  private void command(Object... values) throws RtmpException {
    send(20, 0, Amf0.write(values));
  }

  private void media(int type, long time, int... body) throws RtmpException {
    byte[] bytes = new byte[body.length];
    for (int i = 0; i < body.length; i++) {
      bytes[i] = (byte) body[i];
    }
    send(type, time, bytes);
  }

  /** One message, in chunks of 128 bytes. */
  private void send(int type, long time, byte[] body) throws RtmpException {
    boolean extended = time >= 0xffffff;
    Buffer wire =
        Buffer.buffer(new byte[] {5})
            .appendMedium(extended ? 0xffffff : (int) time)
            .appendMedium(body.length)
            .appendByte((byte) type)
            .appendIntLE(1);
    for (int from = 0; from < body.length || from == 0; from += 128) {
      if (from > 0) {
        wire.appendByte((byte) 0xc5);
      }
      if (extended) {
        wire.appendUnsignedInt(time);
      }
      wire.appendBytes(body, from, Math.min(128, body.length - from));
    }
    session.feed(wire);
  }

  private static Buffer tag(int type, int time, int... body) {
    Buffer tag =
        Buffer.buffer(new byte[] {(byte) type})
            .appendMedium(body.length)
            .appendMedium(time)
            .appendByte((byte) 0)
            .appendMedium(0);
    for (int each : body) {
      tag.appendByte((byte) each);
    }
    return tag.appendInt(11 + body.length);
  }

  private void hear(Buffer bytes) {
    if (handshake.length() < 1 + 2 * 1_536) {
      handshake.appendBuffer(bytes);
      return;
    }
    try {
      answers.feed(bytes);
    } catch (RtmpException e) {
      throw new AssertionError(e);
    }
  }

  private List<Object> names() throws RtmpException {
    List<Object> names = new ArrayList<>();
    for (RtmpMessage message : said) {
      if (message.type() == RtmpMessage.COMMAND) {
        names.add(Amf0.read(message.body().duplicate().rewind()).get(0));
      }
    }
    return names;
  }

  /** The code of the last status. */
  private Object status() throws RtmpException {
    RtmpMessage last =
        said.stream()
            .filter(message -> message.type() == RtmpMessage.COMMAND)
            .reduce((before, after) -> after)
            .orElseThrow();
    return ((Map<?, ?>) Amf0.read(last.body().duplicate().rewind()).get(3)).get("code");
  }

  /** A connection that hears nothing. */
  private static final class Silent implements Publication.Peer {
    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void end(String why) {}
  }
}
