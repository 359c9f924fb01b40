package io.sightline.media.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.MediaException;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.picture.FrameSampler;
import io.sightline.media.picture.JpegDecoder;
import io.sightline.media.picture.JpegForms;
import io.sightline.media.picture.JpegSettings;
import io.sightline.media.picture.SampledFrame;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Native memory is out of the garbage collector's sight, so it is looked at from outside. */
class LeakTest {

  private static final int WARM_UP = 300;
  private static final int WINDOWS = 4;
  private static final int ROUNDS = 300;

  private static final int ENCODER_ROUNDS = 80;

  /** One leaked context of FFmpeg is more. */
  private static final long ALLOWED_KILOBYTES_PER_ROUND = 15;

  private static final Path MAPS = Path.of("/proc/self/smaps");

  private static final long HEAP_BELOW = 64L << 30;
  private static final Pattern MAPPING = Pattern.compile("^([0-9a-f]+)-[0-9a-f]+ ");

  private static final TestVideo VIDEO =
      TestVideo.plain().size(64, 48).pictures(12).gop(6).rotation(90).sound();

  @TempDir Path folder;

  @Test
  void openSampleClose_thousandsOfTimes_keepsMemoryFlat() throws Exception {
    Assumptions.assumeTrue(Files.exists(MAPS), "Resident memory is read from /proc");
    byte[] fragmented =
        Files.readAllBytes(VIDEO.rotation(0).container(Container.MP4_FRAGMENTED).file());
    Path text = Files.writeString(folder.resolve("text.mp4"), "no video".repeat(50));
    Path part = VIDEO.brokenOffAt(Files.size(VIDEO.file()) / 2);

    staysFlat(WARM_UP, ROUNDS, rounds -> repeat(rounds, fragmented, text, part));
  }

  @Test
  void openEncodeClose_hundredsOfTimes_keepsMemoryFlat() throws Exception {
    Assumptions.assumeTrue(Files.exists(MAPS), "Resident memory is read from /proc");
    Path file = interlaced();

    staysFlat(
        ENCODER_ROUNDS,
        ENCODER_ROUNDS,
        rounds -> {
          for (int i = 0; i < rounds; i++) {
            encode(file, i % 2 == 0);
          }
        });
  }

  private interface Work {
    void repeat(int rounds) throws MediaException;
  }

  private static void staysFlat(int warmUp, int rounds, Work work) throws Exception {
    work.repeat(warmUp);
    // A leak grows in every window; compiled code and the allocator's arenas only in some.
    long least = Long.MAX_VALUE;
    long allowed = ALLOWED_KILOBYTES_PER_ROUND * rounds;
    for (int window = 0; window < WINDOWS && least >= allowed; window++) {
      long before = nativeKilobytes(MAPS);
      work.repeat(rounds);
      long grown = nativeKilobytes(MAPS) - before;
      LoggerFactory.getLogger(LeakTest.class)
          .info("Native memory grew by {} kB over {} rounds", grown, rounds);
      least = Math.min(least, grown);
    }
    assertThat(least)
        .as("kB grown in each of %d windows of %d rounds", WINDOWS, rounds)
        .isLessThan(allowed);
  }

  private static void repeat(int rounds, byte[] fragmented, Path text, Path part)
      throws MediaException {
    for (int i = 0; i < rounds; i++) {
      // Half of the rounds give up in the middle.
      sample(MediaSource.open(VIDEO.file().toString(), SourceOptions.DEFAULTS), i % 2 == 0);
      sample(MediaSource.of(fragmented), true);
      openInVain(text);
      openInVain(part);
    }
  }

  private Path interlaced() {
    Path file = folder.resolve("interlaced.ts");
    List<String> arguments = new ArrayList<>(List.of("-i", VIDEO.rotation(0).file().toString()));
    arguments.addAll(List.of("-vf", "setfield=tff", "-c:v", "mpeg2video", "-flags", "+ildct+ilme"));
    arguments.addAll(List.of("-c:a", "mp2", file.toString()));
    assertThat(FfmpegProgram.ffmpeg(arguments).exitCode()).isZero();
    return file;
  }

  private static void encode(Path file, boolean toTheEnd) throws MediaException {
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS);
        TrackEncoder pictures = TrackEncoder.of(source.tracks().get(0));
        TrackEncoder sound = TrackEncoder.of(source.tracks().get(1))) {
      for (Packet packet; (packet = source.next()) != null; ) {
        (packet.track() == 0 ? pictures : sound).accept(packet, encoded -> {});
      }
      if (toTheEnd) {
        pictures.finish(encoded -> {});
        sound.finish(encoded -> {});
      }
    }
  }

  private static void sample(MediaSource opened, boolean toTheEnd) throws MediaException {
    List<SampledFrame> frames = new ArrayList<>();
    try (MediaSource source = opened;
        FrameSampler sampler =
            new FrameSampler(
                source.tracks().get(0), Sampling.parse("every 3 frames"), JpegSettings.DEFAULTS);
        JpegDecoder decoder = new JpegDecoder()) {
      for (Packet packet; (packet = source.next()) != null; ) {
        sampler.accept(packet, frames::add);
        if (!toTheEnd && frames.size() > 1) {
          break;
        }
      }
      decoder.decode(frames.get(0).jpeg(), JpegForms.lumaOnly());
      decoder.decode(frames.get(0).jpeg(), JpegForms.bgrOnly(32, 18));
    }
  }

  private static void openInVain(Path file) {
    try {
      MediaSource.open(file.toString(), SourceOptions.DEFAULTS).close();
      throw new AssertionError(file + " was opened");
    } catch (MediaException e) {
      assertThat(e.reason()).isNotEqualTo(MediaException.Reason.UNAVAILABLE);
    }
  }

  /**
   * Resident memory without the Java heap, which comes and goes by rules of its own: it lies low,
   * so that references fit 32 bits, and everything native lies high.
   */
  private static long nativeKilobytes(Path maps) throws IOException {
    long sum = 0;
    boolean high = false;
    for (String line : Files.readAllLines(maps)) {
      Matcher mapping = MAPPING.matcher(line);
      if (mapping.find()) {
        high = Long.parseUnsignedLong(mapping.group(1), 16) > HEAP_BELOW;
      } else if (high && line.startsWith("Rss:")) {
        sum += Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return sum;
  }
}
