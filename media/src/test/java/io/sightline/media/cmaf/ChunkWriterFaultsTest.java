package io.sightline.media.cmaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.EpochAxis;
import io.sightline.records.Fragment;
import io.sightline.records.TrackInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sources that change, stop and lie. */
class ChunkWriterFaultsTest {

  private static final TestVideo SMALL =
      TestVideo.plain().size(160, 90).sound().pictures(100).container(TestVideo.Container.TS);

  private final List<WrittenChunk> chunks = new ArrayList<>();
  private final List<String> inits = new ArrayList<>();
  private final ChunkSink sink =
      new ChunkSink() {
        @Override
        public void init(int track, String key, byte[] content) {
          inits.add(key);
        }

        @Override
        public void chunk(WrittenChunk chunk) {
          chunks.add(chunk);
        }
      };

  @Test
  void accept_whenThePicturesChangeSize_writesAnotherInitPart() throws Exception {
    List<Packet> before = packets(SMALL);
    List<Packet> after = packets(SMALL.size(320, 180));
    ChunkWriter writer = writer(before, "cam");
    for (Packet packet : before) {
      writer.accept(packet, sink);
    }
    for (Packet packet : after) {
      writer.accept(later(packet, 4 * 90_000), sink);
    }
    writer.finish(sink);

    assertThat(inits.stream().filter(key -> key.contains("/init-1-"))).hasSize(2);
    TrackInfo first = chunks.get(0).tracks().get(0);
    TrackInfo last = chunks.get(chunks.size() - 1).tracks().get(0);
    assertThat(first.width()).isEqualTo(160);
    assertThat(last.width()).isEqualTo(320);
    assertThat(last.height()).isEqualTo(180);
    assertThat(last.initKey()).isNotEqualTo(first.initKey());
    assertThat(chunks.stream().mapToLong(WrittenChunk::durationMicros).sum()).isEqualTo(8_000_000);
  }

  @Test
  void accept_whenSoundStops_picturesDoNotWaitForLong() throws Exception {
    List<Packet> packets = packets(SMALL);
    ChunkWriter writer = writer(packets, "cam");
    for (Packet packet : packets) {
      if (packet.track() == 0 || packet.pts() < packets.get(0).pts() + 45_000) {
        writer.accept(packet, sink);
      }
    }
    assertThat(chunks).as("before the end").isNotEmpty();
    writer.finish(sink);

    assertThat(chunks.stream().mapToLong(WrittenChunk::durationMicros).sum()).isEqualTo(4_000_000);
  }

  @Test
  void accept_whenPicturesStop_soundGoesOn() throws Exception {
    List<Packet> packets = packets(SMALL);
    ChunkWriter writer = writer(packets, "cam");
    for (int round = 0; round < 5; round++) {
      for (Packet packet : packets) {
        if (packet.track() == 1 || round == 0) {
          writer.accept(later(packet, round * 4L * 90_000), sink);
        }
      }
    }
    writer.finish(sink);

    for (WrittenChunk chunk : chunks) {
      for (Fragment fragment : chunk.fragments()) {
        if (fragment.track() == 2) {
          assertThat(fragment.durationTicks()).isLessThanOrEqualTo(4 * 48_000 + 1_024);
        }
      }
    }
    long sound =
        chunks.stream()
            .flatMap(chunk -> chunk.fragments().stream())
            .filter(fragment -> fragment.track() == 2)
            .mapToLong(Fragment::durationTicks)
            .sum();
    assertThat(sound / 48_000.0).isBetween(19.5, 20.2);
  }

  @Test
  void accept_damagedPackets_areLeftOut() throws Exception {
    List<Packet> packets = packets(SMALL.container(TestVideo.Container.MKV));
    ChunkWriter writer = writer(packets, "cam");
    Random random = new Random(31);
    int refused = 0;
    for (Packet packet : packets) {
      Packet sent = packet;
      if (random.nextInt(5) == 0) {
        byte[] bytes = new byte[packet.size()];
        packet.data().get(bytes);
        for (int change = 0; change < 3; change++) {
          bytes[random.nextInt(Math.min(8, bytes.length))] = (byte) random.nextInt(256);
        }
        sent =
            Packet.of(
                packet.track(),
                random.nextInt(10) == 0 ? Packet.ABSENT : packet.pts(),
                packet.dts(),
                packet.duration(),
                packet.keyframe(),
                ByteBuffer.wrap(bytes));
      }
      try {
        writer.accept(sent, sink);
      } catch (MediaException e) {
        assertThat(e.reason()).isEqualTo(MediaException.Reason.MALFORMED);
        refused++;
      }
    }
    writer.finish(sink);

    assertThat(refused).isPositive();
    assertThat(chunks).isNotEmpty();
  }

  @Test
  void poll_reorderedPictures_getRisingDecodeTimesAndOneDelay() {
    Random random = new Random(37);
    for (int round = 0; round < 200; round++) {
      int depth = random.nextInt(4);
      PictureTimeline timeline = new PictureTimeline(90_000, random.nextInt(3), 0, 360_000);
      List<TimedSample> timed = new ArrayList<>();
      Set<Long> expected = new TreeSet<>();
      long start = 90_000;
      for (int gop = 0; gop < 5; gop++) {
        int length = 2 + random.nextInt(40);
        for (long ticks : decodingOrder(start, length, depth)) {
          expected.add(ticks);
          timeline.add(ticks, 0, sample(ticks == start));
          for (TimedSample next = timeline.poll(); next != null; next = timeline.poll()) {
            timed.add(next);
          }
        }
        start += length * 3_600L;
      }
      timeline.end();
      for (TimedSample next = timeline.poll(); next != null; next = timeline.poll()) {
        timed.add(next);
      }

      assertThat(timed).extracting(TimedSample::presentationTicks).containsAll(expected);
      long decode = timed.get(0).decodeTicks();
      for (TimedSample sample : timed) {
        assertThat(sample.decodeTicks()).isEqualTo(decode);
        assertThat(sample.presentationTicks()).isGreaterThanOrEqualTo(decode);
        if (sample.keyframe()) {
          assertThat(sample.presentationTicks() - decode).isEqualTo(timeline.delayTicks());
        }
        decode += sample.durationTicks();
      }
    }
  }

  @Test
  void finish_withoutAnyPacket_writesNothing() throws Exception {
    ChunkWriter writer = writer(packets(SMALL), "cam");
    writer.finish(sink);
    writer.finish(sink);

    assertThat(chunks).isEmpty();
    assertThatThrownBy(() -> writer.accept(null, sink)).isInstanceOf(IllegalStateException.class);
  }

  /** A keyframe, then groups whose last picture comes first. */
  private static List<Long> decodingOrder(long start, int length, int depth) {
    List<Long> order = new ArrayList<>(List.of(start));
    for (int from = 1; from < length; from += depth + 1) {
      int to = Math.min(length - 1, from + depth);
      order.add(start + to * 3_600L);
      for (int between = from; between < to; between++) {
        order.add(start + between * 3_600L);
      }
    }
    return order;
  }

  private static SampleFormat.Formatted sample(boolean keyframe) {
    return new SampleFormat.Formatted(new byte[1], keyframe, keyframe, null);
  }

  private List<SourceTrack> tracks;

  private List<Packet> packets(TestVideo video) throws MediaException {
    List<Packet> packets = new ArrayList<>();
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      tracks = tracks == null ? source.tracks() : tracks;
      for (Packet packet = source.next(); packet != null; packet = source.next()) {
        packets.add(packet.copy());
      }
    }
    return packets;
  }

  private ChunkWriter writer(List<Packet> packets, String stream) throws MediaException {
    SourceTrack video = tracks.get(0);
    long first = packets.stream().filter(packet -> packet.track() == 0).findFirst().get().pts();
    return new ChunkWriter(
        tracks,
        new EpochAxis(Recording.START, first, video.timeBase()),
        stream,
        "1763700000000000-local",
        Duration.ofSeconds(2));
  }

  private static Packet later(Packet packet, long ticks) {
    return Packet.of(
        packet.track(),
        packet.pts() + ticks,
        packet.dts() + ticks,
        packet.duration(),
        packet.keyframe(),
        packet.data());
  }
}
