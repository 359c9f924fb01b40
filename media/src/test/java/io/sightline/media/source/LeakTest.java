package io.sightline.media.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.MediaException;
import io.sightline.media.picture.FrameSampler;
import io.sightline.media.picture.JpegDecoder;
import io.sightline.media.picture.JpegSettings;
import io.sightline.media.picture.SampledFrame;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native memory is out of the garbage collector's sight, so it is looked at from outside. */
class LeakTest {

  private static final int WARM_UP = 600;
  private static final int ROUNDS = 2_400;

  /** One leaked context alone is larger a round than this allows in all. */
  private static final long ALLOWED_KILOBYTES = 12_000;

  private static final TestVideo VIDEO =
      TestVideo.plain().size(64, 48).pictures(12).gop(6).rotation(90).sound();

  @TempDir Path folder;

  @Test
  void openSampleClose_thousandsOfTimes_keepsMemoryFlat() throws Exception {
    Path status = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.exists(status), "Resident memory is read from /proc");
    byte[] fragmented =
        Files.readAllBytes(VIDEO.rotation(0).container(Container.MP4_FRAGMENTED).file());
    Path text = Files.writeString(folder.resolve("text.mp4"), "no video".repeat(50));
    Path part = VIDEO.brokenOffAt(Files.size(VIDEO.file()) / 2);

    repeat(WARM_UP, fragmented, text, part);
    long before = residentKilobytes(status);
    repeat(ROUNDS, fragmented, text, part);
    long after = residentKilobytes(status);

    assertThat(after - before).as("kB grown over %d rounds", ROUNDS).isLessThan(ALLOWED_KILOBYTES);
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
      decoder.decode(frames.get(0).jpeg());
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

  private static long residentKilobytes(Path status) throws IOException {
    System.gc();
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
