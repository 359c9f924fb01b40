package io.sightline.media.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.Rational;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MediaSourceTest {

  private static final TestVideo VIDEO = TestVideo.plain().pictures(100);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Container.class)
  void next_ofEachContainer_deliversEveryPictureInOrder(Container container) throws Exception {
    TestVideo video = VIDEO.container(container).sound();
    int pictures = 0;
    int keyframes = 0;
    int sounds = 0;
    long lastDts = Long.MIN_VALUE;
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      SourceTrack track = source.tracks().get(0);
      assertThat(track.codec()).isEqualTo("h264");
      assertThat(track.width()).isEqualTo(320);
      assertThat(track.height()).isEqualTo(180);
      assertThat(track.frameRate()).isEqualTo(new Rational(25, 1));
      assertThat(source.tracks()).hasSize(2);
      assertThat(source.tracks().get(1).sampleRate()).isEqualTo(48_000);
      for (Packet packet; (packet = source.next()) != null; ) {
        assertThat(packet.corrupt()).isFalse();
        assertThat(packet.size()).isPositive();
        if (packet.track() != track.index()) {
          sounds++;
          continue;
        }
        assertThat(packet.dts()).isGreaterThan(lastDts);
        lastDts = packet.dts();
        pictures++;
        keyframes += packet.keyframe() ? 1 : 0;
      }
    }
    assertThat(pictures).isEqualTo(100);
    assertThat(keyframes).isEqualTo(4);
    assertThat(sounds).isGreaterThan(180);
  }

  @Test
  void tracks_ofTransportStream_describeSoundAsMp4Does() throws Exception {
    try (MediaSource ts = open(VIDEO.container(Container.TS).sound().file());
        MediaSource mp4 = open(VIDEO.container(Container.MP4_INDEX_FIRST).sound().file())) {
      byte[] config = ts.tracks().get(1).extradata();
      assertThat(config).startsWith(0x11, 0x90);
      assertThat(mp4.tracks().get(1).extradata()).startsWith(0x11, 0x90);
      assertThat(firstSound(ts)).isNotEqualTo((byte) 0xff);
      assertThat(firstSound(mp4)).isNotEqualTo((byte) 0xff);
    }
  }

  @Test
  void tracks_ofTurnedVideo_tellTheRotation() throws Exception {
    for (int degrees : new int[] {90, 180, 270}) {
      try (MediaSource source = open(VIDEO.rotation(degrees).file())) {
        assertThat(source.tracks().get(0).rotation()).isEqualTo(degrees);
      }
    }
  }

  @Test
  void durationMicros_ofPlainFile_isItsLength() throws Exception {
    try (MediaSource source = open(VIDEO.file())) {
      assertThat(source.durationMicros()).isEqualTo(4_000_000);
      assertThat(source.creationTime()).isEmpty();
    }
  }

  @Test
  void open_missingFile_saysSo() {
    assertFailure(folder.resolve("none.mp4"), Reason.NOT_FOUND, "There is no file");
  }

  @Test
  void open_emptyFile_saysSo() throws IOException {
    assertFailure(Files.createFile(folder.resolve("empty.mp4")), Reason.MALFORMED, "no bytes");
  }

  @Test
  void open_textNamedAsVideo_saysThatItHoldsText() throws IOException {
    Path file = folder.resolve("text.mp4");
    Files.writeString(file, "This is certainly no video.\n".repeat(200));
    assertFailure(file, Reason.MALFORMED, "holds text");
  }

  @Test
  void open_folder_saysSo() {
    assertFailure(folder, Reason.UNSUPPORTED, "folder");
  }

  @Test
  void open_mp4WithoutIndex_saysWhereItEnds() throws IOException {
    TestVideo video = VIDEO.container(Container.MP4_INDEX_LAST);
    Path file = video.brokenOffAt(Files.size(video.file()) / 2);
    assertFailure(file, Reason.INCOMPLETE, "its index (moov) is missing");
  }

  @Test
  void open_mp4WithIndexBeyondItsEnd_saysBothBytes() throws IOException {
    long size = Files.size(VIDEO.file());
    Path file = VIDEO.brokenOffAt(size / 2);
    assertFailure(file, Reason.INCOMPLETE, "up to byte " + size);
    assertFailure(file, Reason.INCOMPLETE, "ends at byte " + size / 2);
  }

  @Test
  void next_brokenFragmentedFile_deliversWhatIsThereThenSaysHowMuchIsMissing() throws Exception {
    TestVideo video = VIDEO.container(Container.MP4_FRAGMENTED);
    Path file = video.brokenOffAt(Files.size(video.file()) * 6 / 10);
    List<Long> times = new ArrayList<>();
    try (MediaSource source = open(file)) {
      MediaException end = readToEnd(source, times);
      assertThat(end.reason()).isEqualTo(Reason.INCOMPLETE);
      assertThat(end.missingMicros().orElse(-1)).isBetween(40_000L, 1_000_000L);
      assertThat(end)
          .hasMessageContaining("breaks off after")
          .hasMessageContaining("s are missing");
    }
    assertThat(times.size()).isBetween(40, 75);
  }

  @Test
  void next_brokenTransportStream_leavesTheCutPictureOut() throws Exception {
    TestVideo video = VIDEO.container(Container.TS);
    long size = Files.size(video.file()) / 188 / 2 * 188 + 100;
    List<Long> times = new ArrayList<>();
    try (MediaSource source = open(video.brokenOffAt(size))) {
      MediaException end = readToEnd(source, times);
      assertThat(end.reason()).isEqualTo(Reason.INCOMPLETE);
      assertThat(end.missingMicros()).hasValue(40_000);
    }
    assertThat(times.size()).isBetween(35, 65);
  }

  @Test
  void next_transportStreamCutBetweenItsPackets_isSeenByItsSound() throws Exception {
    TestVideo video = VIDEO.container(Container.TS).sound();
    byte[] whole = Files.readAllBytes(video.file());
    // In the middle of a frame of sound that lies in several packets of 188 bytes.
    int at = lastSoundStart(whole) + 188;
    List<Long> times = new ArrayList<>();
    try (MediaSource source = open(video.brokenOffAt(at))) {
      assertThat(readToEnd(source, times).reason()).isEqualTo(Reason.INCOMPLETE);
    }
  }

  @Test
  void next_brokenMatroska_saysHowMuchIsMissing() throws Exception {
    TestVideo video = VIDEO.container(Container.MKV);
    List<Long> times = new ArrayList<>();
    try (MediaSource source = open(video.brokenOffAt(Files.size(video.file()) / 2))) {
      MediaException end = readToEnd(source, times);
      assertThat(end.missingMicros().orElse(-1)).isBetween(1_000_000L, 3_000_000L);
    }
  }

  @Test
  void open_unknownScheme_namesTheKnownOnes() {
    assertThatThrownBy(() -> MediaSource.open("gopher://x/y", SourceOptions.DEFAULTS))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("rtsp")
        .extracting(e -> ((MediaException) e).reason())
        .isEqualTo(Reason.UNSUPPORTED);
  }

  @Test
  void open_concatScriptNamedAsVideo_doesNotFollowIt() throws IOException {
    Path script = folder.resolve("list.mp4");
    Files.writeString(script, "ffconcat version 1.0\nfile '" + VIDEO.file() + "'\n");
    assertFailure(script, Reason.MALFORMED, "text");
  }

  @Test
  void open_localPlaylist_doesNotReachTheNetwork() throws IOException {
    Path playlist = folder.resolve("list.m3u8");
    Files.writeString(
        playlist, "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nhttp://127.0.0.1/x.ts\n");
    assertFailure(playlist, Reason.MALFORMED, "text");
  }

  @Test
  void close_twice_doesNothing() throws Exception {
    MediaSource source = open(VIDEO.file());
    source.close();
    source.close();
    assertThatThrownBy(source::next).isInstanceOf(IllegalStateException.class);
  }

  private static MediaSource open(Path file) throws MediaException {
    return MediaSource.open(file.toString(), SourceOptions.DEFAULTS);
  }

  private static int lastSoundStart(byte[] ts) {
    for (int at = ts.length - 188; at >= 0; at -= 188) {
      boolean starts = (ts[at + 1] & 0x40) != 0;
      int id = (ts[at + 1] & 0x1f) << 8 | ts[at + 2] & 0xff;
      boolean goesOn =
          at + 190 < ts.length
              && (ts[at + 189] & 0x40) == 0
              && ((ts[at + 189] & 0x1f) << 8 | ts[at + 190] & 0xff) == id;
      if (starts && id == 0x101 && goesOn) {
        return at;
      }
    }
    throw new AssertionError("No sound in several packets");
  }

  private static byte firstSound(MediaSource source) throws MediaException {
    for (Packet packet; (packet = source.next()) != null; ) {
      if (packet.track() == 1) {
        return packet.data().get(0);
      }
    }
    throw new AssertionError("No sound");
  }

  private static MediaException readToEnd(MediaSource source, List<Long> videoTimes) {
    try {
      for (Packet packet; (packet = source.next()) != null; ) {
        if (packet.track() == 0) {
          videoTimes.add(packet.pts());
        }
      }
    } catch (MediaException e) {
      return e;
    }
    throw new AssertionError("The end was taken for a clean one");
  }

  private static void assertFailure(Path file, Reason reason, String words) {
    assertThatThrownBy(() -> open(file).close())
        .isInstanceOf(MediaException.class)
        .hasMessageContaining(words)
        .hasMessageContaining(file.getFileName().toString())
        .extracting(e -> ((MediaException) e).reason())
        .isEqualTo(reason);
  }
}
