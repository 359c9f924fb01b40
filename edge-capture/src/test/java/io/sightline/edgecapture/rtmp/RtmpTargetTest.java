package io.sightline.edgecapture.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled ffmpeg publishes; what comes out is compared with the file that it read. */
class RtmpTargetTest {

  private static final String KEY = "correct-horse";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Vertx vertx;
  private RtmpTarget target;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    target = new RtmpTarget(vertx, new RtmpSettings("127.0.0.1", 0, null, null));
  }

  @AfterEach
  void close() throws Exception {
    target.close().await(10, TimeUnit.SECONDS);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({
    "libopenh264, aac, h264",
    "libopenh264, libopus, h264",
    "libsvtav1, aac, av1",
    "libvpx-vp9, aac, vp9"
  })
  void publisher_isReadPacketForPacket(String encoder, String sound, String codec)
      throws Exception {
    TestVideo video =
        TestVideo.plain()
            .codec(encoder, 0)
            .pictures(75)
            .sound(sound.equals("libopus") ? "opus" : sound, 1)
            .container(TestVideo.Container.MKV);
    assertSamePackets(video, codec);
  }

  @Test
  void publisherOfHevc_isReadPacketForPacket() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    assertSamePackets(
        TestVideo.plain()
            .codec("libx265", 2)
            .pictures(75)
            .container(TestVideo.Container.MP4_INDEX_FIRST),
        "hevc");
  }

  @Test
  void publisherWithReorderedPictures_isReadPacketForPacket() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    assertSamePackets(TestVideo.plain().codec("libx264", 3).pictures(75), "h264");
  }

  @Test
  void publisherOverTls_isReadPacketForPacket_andPlainOneIsTurnedAway(@TempDir Path folder)
      throws Exception {
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    selfSigned(folder.resolve("keys.p12"), certificate, key);
    target.close().await(10, TimeUnit.SECONDS);
    target = new RtmpTarget(vertx, new RtmpSettings("127.0.0.1", 0, certificate, key));
    target.open("plain", KEY);
    int port = target.listening().await(10, TimeUnit.SECONDS);

    TestVideo video = TestVideo.plain().pictures(75).sound();
    FfmpegProgram.Result plain =
        FfmpegProgram.ffmpeg(publish(video.file(), "rtmp://127.0.0.1:" + port + "/plain/" + KEY));

    assertThat(plain.exitCode()).isNotZero();
    assertSamePackets(video, "h264");
  }

  /** With the keys' tool of the JDK. */
  private static void selfSigned(Path store, Path certificate, Path key) throws Exception {
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-alias",
                "target",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost")
            .inheritIO()
            .start();
    assertThat(tool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    write(certificate, "CERTIFICATE", keys.getCertificate("target").getEncoded());
    write(key, "PRIVATE KEY", keys.getKey("target", "changeit".toCharArray()).getEncoded());
  }

  private static void write(Path file, String kind, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  @Test
  void publisherOfGstreamer_isReadPacketForPacket() throws Exception {
    Assumptions.assumeTrue(
        ran("gst-inspect-1.0", "--exists", "rtmp2sink"),
        "Not tested: GStreamer with rtmp2sink (gstreamer1.0-plugins-bad) is not installed");
    TestVideo video = TestVideo.plain().pictures(75).container(TestVideo.Container.MP4_INDEX_FIRST);
    assertSamePackets(video, "h264", RtmpTargetTest::publishWithGstreamer);
  }

  private static FfmpegProgram.Result publishWithGstreamer(Path file, String url) {
    boolean done =
        ran(
            "gst-launch-1.0",
            "filesrc",
            "location=" + file,
            "!",
            "qtdemux",
            "!",
            "flvmux",
            "streamable=true",
            "!",
            "rtmp2sink",
            "location=" + url);
    return new FfmpegProgram.Result(done ? 0 : 1, new byte[0], List.of());
  }

  private static boolean ran(String... command) {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void open_nobodyPublishes_saysWhereToPublishAndWaits() throws Exception {
    RtmpSlot slot = target.open("court-1", KEY);
    int port = target.listening().await(10, TimeUnit.SECONDS);
    CompletableFuture<String> told = new CompletableFuture<>();

    assertThatThrownBy(() -> slot.open(told::isDone, PATIENCE, told::complete))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("stopped");

    assertThat(told.join()).contains("rtmp://127.0.0.1:" + port + "/court-1").doesNotContain(KEY);
  }

  @ParameterizedTest
  @CsvSource({"court-1/wrong-horse", "court-2/correct-horse", "court-1/"})
  void publisher_wrongKeyOrStream_isRefusedInTheSameWords(String path) throws Exception {
    target.open("court-1", KEY);
    int port = target.listening().await(10, TimeUnit.SECONDS);

    FfmpegProgram.Result result =
        FfmpegProgram.ffmpeg(
            publish(
                TestVideo.plain().pictures(25).file(), "rtmp://127.0.0.1:" + port + "/" + path));

    assertThat(result.exitCode()).isNotZero();
    assertThat(String.join("\n", result.errors()))
        .contains("no such stream, or it has another key");
  }

  @Test
  void secondPublisher_isRefusedWhileTheFirstDelivers() throws Exception {
    RtmpSlot slot = target.open("court-1", KEY);
    Publication first = slot.admit(new NoPeer(), "first");
    first.add(unit());

    assertThatThrownBy(() -> slot.admit(new NoPeer(), "second"))
        .isInstanceOf(RtmpException.class)
        .hasMessageContaining("published to by first");

    first.end("gone");
    assertThat(slot.admit(new NoPeer(), "third").publisher()).isEqualTo("third");
  }

  @Test
  void twoPlacesOfOneStream_areToldApartByTheirKeys() throws Exception {
    RtmpSlot first = target.open("court-1", KEY);
    RtmpSlot second = target.open("court-1", "another-horse");
    assertThatThrownBy(() -> target.open("court-1", KEY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("court-1")
        .hasMessageNotContaining(KEY);
    int port = target.listening().await(10, TimeUnit.SECONDS);
    Path video = TestVideo.plain().pictures(75).file();
    CompletableFuture<FfmpegProgram.Result> publisher =
        CompletableFuture.supplyAsync(
            () ->
                FfmpegProgram.ffmpeg(
                    publish(video, "rtmp://127.0.0.1:" + port + "/court-1/another-horse")),
            task -> new Thread(task).start());

    List<Packet> packets =
        packets(second.open(publisher::isCompletedExceptionally, PATIENCE, waiting -> {}));

    assertThat(packets).hasSize(75);
    assertThat(publisher.get(30, TimeUnit.SECONDS).exitCode()).isZero();
    second.close();
    assertThat(
            FfmpegProgram.ffmpeg(
                    publish(video, "rtmp://127.0.0.1:" + port + "/court-1/another-horse"))
                .exitCode())
        .isNotZero();
    first.close();
    target.open("court-1", KEY);
  }

  @Test
  void slowReader_pausesThePublisherAndLosesNothing() throws Exception {
    NoPeer peer = new NoPeer();
    Publication publication = new Publication(peer, "fast");
    int size = 1 << 20;
    for (int i = 0; i < 20; i++) {
      publication.add(unit(size));
    }
    assertThat(peer.paused).isTrue();
    for (int i = 0; i < 20; i++) {
      assertThat(publication.take(PATIENCE).data().remaining()).isEqualTo(size);
    }
    assertThat(peer.paused).isFalse();
  }

  @Test
  void silentPublisher_isATimeout() throws Exception {
    Publication publication = new Publication(new NoPeer(), "silent");
    assertThatThrownBy(() -> publication.take(Duration.ofMillis(50)))
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.TIMEOUT));
  }

  @Test
  void stranger_thatSpeaksSomethingElse_isClosed() throws Exception {
    target.open("court-1", KEY);
    int port = target.listening().await(10, TimeUnit.SECONDS);
    CountDownLatch closed = new CountDownLatch(1);
    NetSocket socket =
        vertx.createNetClient().connect(port, "127.0.0.1").await(10, TimeUnit.SECONDS);
    socket.closeHandler(end -> closed.countDown());

    socket.write(Buffer.buffer("GET / HTTP/1.1\r\n" + "x".repeat(2_000) + "\r\n\r\n"));

    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void portInUse_isSaidWithThePort() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      RtmpTarget other =
          new RtmpTarget(vertx, new RtmpSettings("127.0.0.1", taken.getLocalPort(), null, null));
      RtmpSlot slot = other.open("court-1", KEY);
      assertThatThrownBy(() -> other.listening().await(10, TimeUnit.SECONDS));

      assertThatThrownBy(() -> slot.open(() -> false, PATIENCE, waiting -> {}))
          .isInstanceOf(MediaException.class)
          .hasMessageContaining(":" + taken.getLocalPort())
          .hasMessageContaining("capture.rtmp.port");
    }
  }

  /** A program that publishes a file. */
  private interface Encoder {
    FfmpegProgram.Result publish(Path file, String url);
  }

  private void assertSamePackets(TestVideo video, String codec) throws Exception {
    assertSamePackets(video, codec, (file, url) -> FfmpegProgram.ffmpeg(publish(file, url)));
  }

  private void assertSamePackets(TestVideo video, String codec, Encoder encoder) throws Exception {
    RtmpSlot slot = target.open("court-1", KEY);
    int port = target.listening().await(10, TimeUnit.SECONDS);
    CompletableFuture<FfmpegProgram.Result> publisher =
        CompletableFuture.supplyAsync(
            () -> encoder.publish(video.file(), target.url("court-1") + "/" + KEY),
            task -> new Thread(task).start());
    List<Packet> expected =
        packets(MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS));
    List<Packet> actual;
    List<SourceTrack> tracks;
    try (PacketSource source =
        slot.open(publisher::isCompletedExceptionally, PATIENCE, waiting -> {})) {
      tracks = source.tracks();
      actual = packets(source);
    }
    FfmpegProgram.Result result = publisher.get(30, TimeUnit.SECONDS);

    assertThat(result.exitCode()).as("%s", result.errors()).isZero();
    SourceTrack pictures = tracks.get(0);
    assertThat(pictures.codec()).isEqualTo(codec);
    assertThat(pictures.width()).isEqualTo(video.width());
    assertThat(pictures.height()).isEqualTo(video.height());
    assertThat(tracks).hasSize(video.audioTracks() + 1);
    for (int track = 0; track < tracks.size(); track++) {
      int index = track;
      List<Packet> wanted = expected.stream().filter(p -> p.track() == index).toList();
      List<Packet> got = actual.stream().filter(p -> p.track() == index).toList();
      assertThat(got).as("packets of track %d", index).hasSameSizeAs(wanted);
      for (int i = 0; i < wanted.size(); i++) {
        assertThat(got.get(i).data()).isEqualTo(wanted.get(i).data());
        assertThat(got.get(i).keyframe()).isEqualTo(wanted.get(i).keyframe());
      }
    }
    List<Packet> shown = actual.stream().filter(p -> p.track() == 0).toList();
    long first = shown.get(0).pts();
    List<Long> times = shown.stream().map(p -> p.pts() - first).sorted().toList();
    for (int i = 0; i < times.size(); i++) {
      assertThat(times.get(i)).isBetween(i * 40L - 1, i * 40L + 1);
    }
  }

  private static List<Packet> packets(PacketSource source) throws Exception {
    List<Packet> packets = new ArrayList<>();
    try (source) {
      for (Packet packet; (packet = source.next()) != null; ) {
        packets.add(packet.copy());
      }
    } catch (MediaException e) {
      assertThat(e).hasMessageContaining("the publisher ended");
    }
    return packets;
  }

  private static List<String> publish(Path file, String url) {
    return List.of(
        "-i",
        file.toString(),
        "-map",
        "0",
        "-c",
        "copy",
        "-strict",
        "experimental",
        "-rtmp_enhanced_codecs",
        "hvc1,av01,vp09,Opus",
        "-f",
        "flv",
        url);
  }

  private static io.sightline.media.flv.FlvUnit unit() {
    return unit(10);
  }

  private static io.sightline.media.flv.FlvUnit unit(int size) {
    return new io.sightline.media.flv.FlvUnit(
        true,
        "h264",
        io.sightline.media.flv.FlvUnit.Kind.MEDIA,
        0,
        0,
        true,
        java.nio.ByteBuffer.allocate(size));
  }

  /** A connection that only remembers what it was told. */
  private static final class NoPeer implements Publication.Peer {

    private volatile boolean paused;

    @Override
    public void pause() {
      paused = true;
    }

    @Override
    public void resume() {
      paused = false;
    }

    @Override
    public void end(String why) {}
  }
}
