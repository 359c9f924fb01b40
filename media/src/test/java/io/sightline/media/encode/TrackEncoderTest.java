package io.sightline.media.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.ChunkSink;
import io.sightline.media.cmaf.ChunkWriter;
import io.sightline.media.cmaf.WrittenChunk;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.EpochAxis;
import io.sightline.records.Fragment;
import io.sightline.records.Rational;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackEncoderTest {

  private static final Rational MICROS = new Rational(1, 1_000_000);

  /** Samples: 5 ms at 48 kHz, five times the period of the tone. */
  private static final int WINDOW = 240;

  @TempDir Path folder;

  /** What became of a track, by the presentation times of source and result in microseconds. */
  private record Encoded(
      SourceTrack from, SourceTrack to, List<Long> before, List<Packet> packets) {

    List<Long> after() {
      return packets.stream()
          .map(packet -> Rational.rescale(packet.pts(), to.timeBase(), MICROS))
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mpeg2video, 2, TS, 25",
    "mpeg2video, 0, TS, 30000/1001",
    "mjpeg, 0, MOV, 25",
    "mpeg4, 2, AVI, 25",
    "libvpx, 0, MKV, 25"
  })
  void pictures_areAllThere_inOrder_atTheirTimes(
      String codec, int bPictures, Container container, String rate) throws Exception {
    Path file = TestVideo.plain().rate(rate).codec(codec, bPictures).container(container).file();

    Encoded pictures = encode(file).get(0);

    assertThat(pictures.to().codec()).isEqualTo("h264");
    assertThat(pictures.packets()).hasSize(250);
    assertThat(pictures.after()).isEqualTo(pictures.before());
    assertThat(pictures.packets()).allMatch(packet -> packet.pts() == packet.dts());
    long lastKey = Long.MIN_VALUE;
    for (Packet packet : pictures.packets()) {
      long micros = Rational.rescale(packet.pts(), pictures.to().timeBase(), MICROS);
      if (packet.keyframe()) {
        lastKey = micros;
      }
      assertThat(micros - lastKey).isBetween(0L, 2_000_000L);
    }
    Path stream = folder.resolve("a.h264");
    Files.write(stream, joined(pictures));
    assertThat(FfmpegProgram.decodesCleanly(stream)).isEmpty();
    assertThat(TestVideo.frameNumbers(stream))
        .containsExactlyElementsOf(IntStream.range(0, 250).boxed().toList());
  }

  @ParameterizedTest
  @CsvSource({"mp2, TS", "pcm_s16le, MOV", "pcm_mulaw, MOV", "libmp3lame, TS"})
  void soundStaysWhereItWas_toWithinAFrame(String codec, Container container) throws Exception {
    Path file =
        TestVideo.plain().codec("mpeg2video", 0).sound(codec, 1).container(container).file();

    Encoded sound = encode(file).get(1);

    assertThat(sound.to().codec()).isEqualTo("aac");
    assertThat(sound.to().channels()).isEqualTo(2);
    List<Long> times = sound.after();
    for (int n = 1; n < times.size(); n++) {
      assertThat(sound.packets().get(n).pts() - sound.packets().get(n - 1).pts()).isEqualTo(1_024);
    }
    assertThat(times.get(0)).isCloseTo(sound.before().get(0), within(21_334L));
    assertThat(times.get(times.size() - 1))
        .isCloseTo(sound.before().get(sound.before().size() - 1), within(60_000L));
    double picturesStart = encode(file).get(0).before().get(0) / 1e6;
    List<Double> beeps = beeps(sound);
    assertThat(beeps).hasSize(2);
    assertThat(beeps.get(0) - picturesStart).isCloseTo(1, within(0.022));
    assertThat(beeps.get(1) - picturesStart).isCloseTo(5, within(0.022));
  }

  @Test
  void interlacedPictures_areMadeWhole_asManyAtTheSameTimes() throws Exception {
    Path file = folder.resolve("interlaced.ts");
    make(
        "-i",
        TestVideo.plain().file().toString(),
        "-vf",
        "setfield=tff",
        "-c:v",
        "mpeg2video",
        "-flags",
        "+ildct+ilme",
        "-g",
        "25",
        "-q:v",
        "3",
        file.toString());

    Encoded pictures = encode(file).get(0);

    assertThat(pictures.packets()).hasSize(250);
    assertThat(pictures.after()).isEqualTo(pictures.before());
    Path stream = Files.write(folder.resolve("a.h264"), joined(pictures));
    assertThat(FfmpegProgram.decodesCleanly(stream)).isEmpty();
    assertThat(TestVideo.frameNumbers(stream)).hasSize(250).isSorted();
  }

  @Test
  void oddSizesAndOtherForms_areBroughtIntoThatOfTheEncoder() throws Exception {
    for (String form : List.of("yuv422p", "bgr24", "yuyv422", "gray")) {
      Path file = folder.resolve(form + ".mkv");
      make(
          "-i",
          TestVideo.plain().file().toString(),
          "-vf",
          "scale=320:181",
          "-frames:v",
          "30",
          "-pix_fmt",
          form,
          "-c:v",
          "rawvideo",
          "-allow_raw_vfw",
          "1",
          file.toString());

      Encoded pictures = encode(file).get(0);

      assertThat(pictures.to().width()).isEqualTo(320);
      assertThat(pictures.to().height()).isEqualTo(180);
      assertThat(pictures.after()).isEqualTo(pictures.before());
      Path stream = Files.write(folder.resolve("a.h264"), joined(pictures));
      assertThat(FfmpegProgram.decodesCleanly(stream)).as(form).isEmpty();
      assertThat(TestVideo.frameNumbers(stream))
          .as(form)
          .containsExactlyElementsOf(IntStream.range(0, 30).boxed().toList());
    }
  }

  @Test
  void damagedPackets_areLeftOut_andTheRestKeepsItsTimes() throws Exception {
    Path file = TestVideo.plain().codec("mjpeg", 0).container(Container.MOV).file();
    List<Packet> out = new ArrayList<>();
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS);
        TrackEncoder encoder = TrackEncoder.of(source.tracks().get(0))) {
      int n = 0;
      for (Packet packet; (packet = source.next()) != null; n++) {
        Packet fed =
            n == 7
                ? Packet.of(
                    0, packet.pts(), packet.dts(), 0, true, ByteBuffer.wrap(new byte[] {1, 2, 3}))
                : packet;
        encoder.accept(fed, out::add);
      }
      encoder.finish(out::add);
    }
    assertThat(out).hasSize(249);
    long step = out.get(1).pts() - out.get(0).pts();
    assertThat(out.get(7).pts() - out.get(6).pts()).isEqualTo(2 * step);
  }

  @Test
  void soundThatPauses_goesOnAtItsTime() throws Exception {
    Path file =
        TestVideo.plain().codec("mpeg2video", 0).sound("mp2", 1).container(Container.TS).file();
    List<Packet> out = new ArrayList<>();
    List<Long> in = new ArrayList<>();
    SourceTrack to;
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS);
        TrackEncoder encoder = TrackEncoder.of(source.tracks().get(1))) {
      to = encoder.track();
      long first = Long.MIN_VALUE;
      for (Packet packet; (packet = source.next()) != null; ) {
        if (packet.track() != 1) {
          continue;
        }
        first = first == Long.MIN_VALUE ? packet.pts() : first;
        double seconds = (packet.pts() - first) / 90_000.0;
        if (seconds < 3 || seconds > 4) {
          in.add(Rational.rescale(packet.pts(), new Rational(1, 90_000), MICROS));
          encoder.accept(packet, out::add);
        }
      }
      encoder.finish(out::add);
    }
    List<Long> times =
        out.stream().map(p -> Rational.rescale(p.pts(), to.timeBase(), MICROS)).toList();
    long longest = 0;
    for (int n = 1; n < times.size(); n++) {
      assertThat(times.get(n)).isGreaterThan(times.get(n - 1));
      longest = Math.max(longest, times.get(n) - times.get(n - 1));
    }
    assertThat(longest).isBetween(950_000L, 1_100_000L);
    assertThat(times.get(times.size() - 1)).isCloseTo(in.get(in.size() - 1), within(60_000L));
  }

  @Test
  void whatCannotBeDecoded_isRefusedWithASentence() throws Exception {
    try (MediaSource source =
        MediaSource.open(TestVideo.plain().file().toString(), SourceOptions.DEFAULTS)) {
      SourceTrack track = source.tracks().get(0);
      SourceTrack none =
          new SourceTrack(
              0,
              track.kind(),
              "none",
              track.timeBase(),
              320,
              180,
              null,
              null,
              0,
              0,
              0,
              null,
              new io.sightline.media.source.CodecParameters(
                  0x7777, 0, -1, 0, 0, 0, -99, -99, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, null));
      assertThat(TrackEncoder.canDecode(track)).isTrue();
      assertThat(TrackEncoder.canDecode(none)).isFalse();
      assertThatThrownBy(() -> TrackEncoder.of(none).close())
          .isInstanceOf(MediaException.class)
          .hasMessageContaining("cannot be decoded");
    }
  }

  @Test
  void chunksOfEncodedTracks_arePlayable_andFollowTheSource() throws Exception {
    Path file =
        TestVideo.plain().codec("mpeg2video", 2).sound("mp2", 1).container(Container.TS).file();
    Map<String, byte[]> inits = new TreeMap<>();
    List<WrittenChunk> chunks = new ArrayList<>();
    ChunkSink sink =
        new ChunkSink() {
          @Override
          public void init(int track, String key, byte[] content) {
            inits.put(track + key, content);
          }

          @Override
          public void chunk(WrittenChunk chunk) {
            chunks.add(chunk);
          }
        };
    Map<Integer, TrackEncoder> encoders = new HashMap<>();
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS)) {
      List<SourceTrack> tracks = new ArrayList<>();
      for (SourceTrack track : source.tracks()) {
        encoders.put(track.index(), TrackEncoder.of(track));
        tracks.add(encoders.get(track.index()).track());
      }
      ChunkWriter writer = null;
      for (Packet packet; (packet = source.next()) != null; ) {
        if (writer == null && packet.track() == 0) {
          writer =
              new ChunkWriter(
                  tracks,
                  new EpochAxis(5_000_000, packet.pts(), tracks.get(0).timeBase()),
                  "a",
                  "e",
                  Duration.ofSeconds(2));
        }
        ChunkWriter to = writer;
        if (to != null) {
          encoders.get(packet.track()).accept(packet, each -> to.accept(each, sink));
        }
      }
      ChunkWriter to = writer;
      for (TrackEncoder encoder : encoders.values()) {
        encoder.finish(each -> to.accept(each, sink));
        encoder.close();
      }
      writer.finish(sink);
    }
    assertThat(chunks).hasSize(5);
    assertThat(chunks.get(0).positionMicros()).isEqualTo(5_000_000);
    assertThat(chunks.get(4).positionMicros() + chunks.get(4).durationMicros())
        .isEqualTo(15_000_000);
    ByteArrayOutputStream video = new ByteArrayOutputStream();
    inits.forEach((key, init) -> video.writeBytes(key.startsWith("1") ? init : new byte[0]));
    for (WrittenChunk chunk : chunks) {
      for (Fragment fragment : chunk.fragments()) {
        if (fragment.track() == 1) {
          video.write(chunk.content(), (int) fragment.offset(), (int) fragment.length());
        }
      }
    }
    Path mp4 = Files.write(folder.resolve("video.mp4"), video.toByteArray());
    assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty();
    assertThat(TestVideo.frameNumbers(mp4))
        .containsExactlyElementsOf(IntStream.range(0, 250).boxed().toList());
  }

  private static Map<Integer, Encoded> encode(Path file) throws Exception {
    Map<Integer, Encoded> result = new TreeMap<>();
    Map<Integer, TrackEncoder> encoders = new HashMap<>();
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS)) {
      for (SourceTrack track : source.tracks()) {
        TrackEncoder encoder = TrackEncoder.of(track);
        encoders.put(track.index(), encoder);
        result.put(
            track.index(),
            new Encoded(track, encoder.track(), new ArrayList<>(), new ArrayList<>()));
      }
      for (Packet packet; (packet = source.next()) != null; ) {
        Encoded one = result.get(packet.track());
        long shown = packet.pts() == Packet.ABSENT ? packet.dts() : packet.pts();
        one.before().add(Rational.rescale(shown, one.from().timeBase(), MICROS));
        encoders.get(packet.track()).accept(packet, one.packets()::add);
      }
      for (Map.Entry<Integer, TrackEncoder> entry : encoders.entrySet()) {
        entry.getValue().finish(result.get(entry.getKey()).packets()::add);
        entry.getValue().close();
        result.get(entry.getKey()).before().sort(null);
      }
    }
    return result;
  }

  private static List<Double> beeps(Encoded sound) throws MediaException {
    List<Double> beeps = new ArrayList<>();
    boolean on = false;
    try (TrackDecoder decoder = new TrackDecoder(sound.to())) {
      for (Packet packet : sound.packets()) {
        decoder.send(packet);
        for (AVFrame frame; (frame = decoder.receive()) != null; ) {
          FloatPointer samples = new FloatPointer(frame.extended_data(0));
          for (int from = 0; from < frame.nb_samples(); from += WINDOW) {
            float loudest = 0;
            for (int n = from; n < Math.min(frame.nb_samples(), from + WINDOW); n++) {
              loudest = Math.max(loudest, Math.abs(samples.get(n)));
            }
            boolean now = loudest > 0.1;
            if (now && !on) {
              beeps.add((double) (frame.pts() + from) / sound.to().sampleRate());
            }
            on = now;
          }
        }
      }
    }
    return beeps;
  }

  /** As a byte stream, with the parameter sets in front. */
  private static byte[] joined(Encoded encoded) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(encoded.to().extradata());
    for (Packet packet : encoded.packets()) {
      byte[] bytes = new byte[packet.size()];
      packet.data().get(bytes);
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  private static void make(String... arguments) {
    FfmpegProgram.Result result = FfmpegProgram.ffmpeg(List.of(arguments));
    assertThat(result.exitCode()).as("%s", result.errors()).isZero();
  }
}
