package io.sightline.media.hls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.lindstrom.m3u8.parser.MasterPlaylistParser;
import io.lindstrom.m3u8.parser.MediaPlaylistParser;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamPlaylistsTest {

  private static final long START = Recording.START;

  private final StreamPlaylists playlists = new StreamPlaylists(key -> key);

  @Test
  void recorded_overHttp_playsEveryPictureOfTheWindow() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound().file());

    assertThat(played(recording, START, START + 10_000_000)).hasToString(range(0, 250).toString());
    assertThat(played(recording, START + 3_500_000, START + 7_000_000))
        .hasToString(range(50, 200).toString());
  }

  @Test
  void recorded_acrossEpochs_hasADiscontinuity() throws Exception {
    Recording recording =
        new Recording("cam")
            .add(TestVideo.plain().sound().file(), START)
            .add(TestVideo.plain().sound().file(), START + 15_000_000);

    String text = playlists.recorded(recording.chunks(), 1, START, START + 30_000_000);

    MediaPlaylist parsed = new MediaPlaylistParser().readPlaylist(text);
    assertThat(parsed.targetDuration()).isEqualTo(4);
    assertThat(parsed.mediaSegments()).hasSize(10);
    assertThat(parsed.mediaSegments().stream().filter(MediaSegment::discontinuity)).hasSize(1);
    assertThat(parsed.mediaSegments().get(5).discontinuity()).isTrue();
    assertThat(parsed.mediaSegments().get(5).programDateTime().get().toInstant())
        .isEqualTo(Instant.ofEpochSecond(START / 1_000_000 + 15));
    assertThat(parsed.ongoing()).isFalse();
    assertThat(decodeErrors(recording, START, START + 30_000_000)).isEmpty();
  }

  @Test
  void live_asChunksCome_changesOnlyAtItsEnds() {
    Recording recording =
        new Recording("cam")
            .add(TestVideo.plain().sound().file(), START)
            .add(TestVideo.plain().sound().file(), START + 12_000_000)
            .add(TestVideo.plain().sound().file(), START + 30_000_000);
    LiveWindow window = new LiveWindow(Duration.ofSeconds(15));
    for (int track = 1; track <= 2; track++) {
      MediaPlaylist before = null;
      window = new LiveWindow(Duration.ofSeconds(15));
      for (ChunkInfo chunk : recording.chunks()) {
        window.add(chunk);
        window.add(chunk);
        MediaPlaylist now = parse(playlists.live(window, track, Duration.ofSeconds(10)));
        assertThat(now.ongoing()).isTrue();
        if (before != null) {
          assertContinues(before, now);
        }
        before = now;
      }
      assertThat(before.discontinuitySequence()).isPositive();
    }
  }

  @Test
  void live_withALongWindow_canLeaveOutWhatIsKnown() {
    Recording recording = new Recording("cam").add(TestVideo.plain().file());
    LiveWindow window = new LiveWindow(Duration.ofHours(4));
    ChunkInfo chunk = recording.chunks().get(0);
    long length = chunk.durationMicros();
    for (int number = 0; number < 1_200; number++) {
      window.add(at(chunk, START + number * length));
    }

    String whole = playlists.live(window, 1, Duration.ofHours(4));
    String delta = playlists.live(window, 1, Duration.ofHours(4), true);

    assertThat(whole).contains("CAN-SKIP-UNTIL=24").doesNotContain("EXT-X-SKIP");
    assertThat(delta).contains("#EXT-X-SKIP:SKIPPED-SEGMENTS=1188").contains("EXT-X-VERSION:9");
    String tail = delta.substring(delta.indexOf('\n', delta.indexOf("EXT-X-SKIP")) + 1);
    assertThat(whole).endsWith(tail);
  }

  @Test
  void master_ofPicturesAndSound_namesBoth() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound("aac", 2).file());

    String text = playlists.master(recording.chunks(), track -> "live-" + track + ".m3u8");

    var master = new MasterPlaylistParser().readPlaylist(text);
    assertThat(master.variants()).hasSize(1);
    assertThat(master.variants().get(0).codecs()).containsExactly("avc1.640c0d", "mp4a.40.2");
    assertThat(master.variants().get(0).resolution().get().width()).isEqualTo(320);
    assertThat(master.alternativeRenditions()).hasSize(2);
  }

  private void assertContinues(MediaPlaylist before, MediaPlaylist now) {
    int gone = (int) (now.mediaSequence() - before.mediaSequence());
    assertThat(gone).isBetween(0, before.mediaSegments().size());
    List<MediaSegment> stay = before.mediaSegments().subList(gone, before.mediaSegments().size());
    List<MediaSegment> first = now.mediaSegments().subList(0, stay.size());
    assertThat(first.stream().map(MediaSegment::uri).toList())
        .isEqualTo(stay.stream().map(MediaSegment::uri).toList());
    for (int index = 1; index < stay.size(); index++) {
      assertThat(first.get(index).toString()).isEqualTo(stay.get(index).toString());
    }
    if (stay.isEmpty()) {
      return;
    }
    long slidOut =
        before
            .mediaSegments()
            .subList(0, Math.min(gone + 1, before.mediaSegments().size()))
            .stream()
            .filter(MediaSegment::discontinuity)
            .count();
    assertThat(now.discontinuitySequence() - before.discontinuitySequence()).isEqualTo(slidOut);
  }

  private List<Integer> played(Recording recording, long from, long to) throws Exception {
    try (RangeServer server = serve(recording, from, to)) {
      assertThat(FfmpegProgram.decodesCleanly(server.url("master.m3u8"))).isEmpty();
      return TestVideo.frameNumbers(server.url("master.m3u8"));
    }
  }

  /** FFmpeg warns of the times that a discontinuity announces: only errors count. */
  private List<String> decodeErrors(Recording recording, long from, long to) throws Exception {
    try (RangeServer server = serve(recording, from, to)) {
      String url = server.url("master.m3u8");
      return FfmpegProgram.ffmpeg(List.of("-v", "error", "-i", url, "-map", "0", "-f", "null", "-"))
          .errors();
    }
  }

  private RangeServer serve(Recording recording, long from, long to) throws Exception {
    RangeServer server = new RangeServer();
    recording.objects().forEach(server::put);
    String master = playlists.master(recording.chunks(), track -> "track-" + track + ".m3u8");
    server.put("master.m3u8", master.getBytes(StandardCharsets.UTF_8));
    for (int track = 1; track <= 2; track++) {
      String text = playlists.recorded(recording.chunks(), track, from, to);
      assertThat(new MediaPlaylistParser().readPlaylist(text).ongoing()).isFalse();
      server.put("track-" + track + ".m3u8", text.getBytes(StandardCharsets.UTF_8));
    }
    return server;
  }

  private static MediaPlaylist parse(String text) {
    try {
      return new MediaPlaylistParser().readPlaylist(text);
    } catch (Exception e) {
      throw new AssertionError(text, e);
    }
  }

  private static ChunkInfo at(ChunkInfo chunk, long position) {
    return new ChunkInfo(
        chunk.stream(),
        chunk.epoch(),
        chunk.run(),
        chunk.sequence(),
        position,
        chunk.durationMicros(),
        0,
        chunk.key(),
        chunk.sizeBytes(),
        chunk.tracks(),
        chunk.fragments());
  }

  private static List<Integer> range(int from, int to) {
    return new ArrayList<>(IntStream.range(from, to).boxed().toList());
  }
}
