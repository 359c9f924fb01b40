package io.sightline.analyzer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.analyzer.models.ModelFolder;
import io.sightline.media.cmaf.ChunkSink;
import io.sightline.media.cmaf.ChunkWriter;
import io.sightline.media.cmaf.WrittenChunk;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Detection;
import io.sightline.records.EpochAxis;
import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.Sound;
import io.sightline.storage.DiskObjectStore;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sound as the recorder writes it, through the store and the decoder to the analyzer. */
class ChunkSoundsTest {

  private static final long START = 1_700_000_000_000_000L;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Workers workers = new Workers(2);
  private final List<ChunkInfo> chunks = new ArrayList<>();
  private DiskObjectStore objects;
  private ChunkSounds sounds;

  @BeforeEach
  void open() throws Exception {
    objects = DiskObjectStore.open(vertx, folder).await(30, SECONDS);
    sounds = new ChunkSounds(objects, workers);
  }

  @AfterEach
  void close() throws Exception {
    workers.close();
    objects.close().await(30, SECONDS);
    vertx.close().await(30, SECONDS);
  }

  @Test
  void of_recordedBeeps_areHeardWhereTheyAre() throws Exception {
    record(
        TestVideo.plain()
            .sound()
            .beeps(new TestVideo.Interval(2.5, 3.5), new TestVideo.Interval(6.5, 7.5)));
    Analyzer analyzer =
        AnalyzerPlugins.load(new ModelFolder(folder)).open(new PluginSpec("audio-level"));

    List<Double> loudness = new ArrayList<>();
    for (ChunkInfo chunk : chunks) {
      List<Sound> read = sounds.of(chunk).await(30, SECONDS);
      assertThat(read).hasSize(1);
      Detection level = analyzer.listen(read.get(0)).get(0);
      loudness.add((Double) level.attributes().get("loudnessLufs"));
      assertThat(level.endMicros()).isBetween(chunk.positionMicros(), chunk.endMicros() + 100_000);
    }

    assertThat(chunks).hasSize(5);
    assertThat(loudness.get(1)).isGreaterThan(-30);
    assertThat(loudness.get(3)).isGreaterThan(-30);
    assertThat(List.of(loudness.get(0), loudness.get(2), loudness.get(4)))
        .allMatch(quiet -> quiet < -60);
  }

  @Test
  void of_twoTracks_areBothRead() throws Exception {
    record(TestVideo.plain().pictures(75).sound("aac", 2));

    List<Sound> read = sounds.of(chunks.get(0)).await(30, SECONDS);

    assertThat(read).extracting(Sound::audioTrack).containsExactly(1, 2);
    assertThat(read).allMatch(sound -> sound.channels()[0].length > 48_000);
  }

  @Test
  void of_chunkWithoutSound_isEmpty() throws Exception {
    record(TestVideo.plain().pictures(75));

    assertThat(sounds.of(chunks.get(0)).await(30, SECONDS)).isEmpty();
  }

  @Test
  void of_damagedMedia_isAnAnalysisFailure() throws Exception {
    record(TestVideo.plain().pictures(75).sound());
    ChunkInfo chunk = chunks.get(0);
    Buffer garbage = Buffer.buffer(new byte[(int) chunk.sizeBytes()]);
    objects.put(chunk.key(), garbage, "video/mp4").await(30, SECONDS);

    assertThatThrownBy(() -> sounds.of(chunk).await(30, SECONDS))
        .isInstanceOf(AnalysisException.class);
    objects.put(chunk.key(), Buffer.buffer("short"), "video/mp4").await(30, SECONDS);
    assertThatThrownBy(() -> sounds.of(chunk).await(30, SECONDS))
        .isInstanceOf(AnalysisException.class);
  }

  private void record(TestVideo video) throws Exception {
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      SourceTrack first =
          source.tracks().stream().filter(SourceTrack::isVideo).findFirst().orElseThrow();
      EpochAxis axis = new EpochAxis(START, 0, first.timeBase());
      ChunkWriter writer =
          new ChunkWriter(source.tracks(), axis, "lobby", "e1", Duration.ofSeconds(2));
      ChunkSink sink = new StoringSink();
      for (Packet packet = source.next(); packet != null; packet = source.next()) {
        writer.accept(packet, sink);
      }
      writer.finish(sink);
    }
  }

  private final class StoringSink implements ChunkSink {
    @Override
    public void init(int track, String key, byte[] content) {
      objects.put(key, Buffer.buffer(content), "video/mp4").await();
    }

    @Override
    public void chunk(WrittenChunk chunk) {
      String key = "streams/lobby/e1/" + chunks.size() + ".mp4";
      objects.put(key, Buffer.buffer(chunk.content()), "video/mp4").await();
      chunks.add(
          new ChunkInfo(
              "lobby",
              "e1",
              "live",
              chunks.size(),
              chunk.positionMicros(),
              chunk.durationMicros(),
              0,
              key,
              chunk.content().length,
              chunk.tracks(),
              chunk.fragments()));
    }
  }
}
