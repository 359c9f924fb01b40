package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.FrameInfo;
import io.sightline.records.InitPart;
import io.sightline.records.TrackInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What a gateway has of a {@link RealTimeCamera}: which of its pictures, and where on the axis. The
 * stream is sampled at every picture.
 */
final class Filmed {

  private final String stream;
  private final long picture;

  /** How far from the passing of time the beginnings of epochs may lie. */
  private static final long MAX_OFF = 500_000;

  /** One picture that arrived. */
  record Seen(TestGateway.Epoch epoch, long positionMicros, int width, int number) {}

  private final Map<FrameInfo, Integer> numbers = new HashMap<>();
  private final TestGateway gateway;

  /**
   * @param pictureMicros how long each is shown
   */
  Filmed(TestGateway gateway, String stream, long pictureMicros) {
    this.gateway = gateway;
    this.stream = stream;
    this.picture = pictureMicros;
  }

  /** In the order of their arrival. */
  List<Seen> seen() {
    List<Seen> seen = new ArrayList<>();
    for (TestGateway.Epoch epoch : gateway.epochs(stream)) {
      for (TestGateway.Received item : gateway.read(() -> List.copyOf(epoch.items))) {
        if (item.item() instanceof FrameInfo frame) {
          seen.add(new Seen(epoch, frame.positionMicros(), frame.width(), number(item)));
        }
      }
    }
    return seen;
  }

  /** The number of the last one; -1 before the first. */
  int last() {
    List<TestGateway.Epoch> epochs = gateway.epochs(stream);
    for (int n = epochs.size() - 1; n >= 0; n--) {
      TestGateway.Received last = gateway.read(lastFrame(epochs.get(n)));
      if (last != null) {
        return number(last);
      }
    }
    return -1;
  }

  private static Supplier<TestGateway.Received> lastFrame(TestGateway.Epoch epoch) {
    return () -> {
      for (int n = epoch.items.size() - 1; n >= 0; n--) {
        if (epoch.items.get(n).item() instanceof FrameInfo) {
          return epoch.items.get(n);
        }
      }
      return null;
    };
  }

  private int number(TestGateway.Received frame) {
    return numbers.computeIfAbsent(
        (FrameInfo) frame.item(), first -> TestVideo.readFrameNumber(frame.payload()));
  }

  /** Those after a picture of a higher number: of the film that came then. */
  List<Seen> ofTheOtherFilm() {
    List<Seen> seen = seen();
    for (int n = 1; n < seen.size(); n++) {
      if (seen.get(n).number() < seen.get(n - 1).number()) {
        return seen.subList(n, seen.size());
      }
    }
    return List.of();
  }

  /** Those of the film that are missing between the first and the last that arrived. */
  TreeSet<Integer> missing() {
    List<Seen> seen = seen();
    TreeSet<Integer> missing = new TreeSet<>();
    int last = seen.get(seen.size() - 1).number();
    for (int number = seen.get(0).number(); number < last; number++) {
      missing.add(number);
    }
    seen.forEach(each -> missing.remove(each.number()));
    return missing;
  }

  /**
   * Of one film: no picture twice and none before an earlier one, positions as the pictures within
   * an epoch, and as time passes across epochs; all that is seen is recorded, but for the chunk
   * that was being written.
   */
  void check(RealTimeCamera camera) {
    List<Seen> seen = seen();
    Seen before = null;
    Long firstOff = null;
    for (Seen each : seen) {
      if (before != null) {
        assertThat(each.number())
            .as("after picture %d", before.number())
            .isGreaterThan(before.number());
        if (before.epoch() == each.epoch()) {
          assertThat(each.positionMicros() - before.positionMicros())
              .as("from picture %d to %d", before.number(), each.number())
              .isEqualTo((each.number() - before.number()) * picture);
        } else {
          assertThat(each.positionMicros()).isGreaterThan(before.positionMicros());
        }
      }
      if (before == null || before.epoch() != each.epoch()) {
        long off = each.positionMicros() - camera.filmedMicros(each.number());
        firstOff = firstOff == null ? off : firstOff;
        assertThat(off - firstOff)
            .as("epoch %s off the clock", each.epoch().epoch)
            .isBetween(-MAX_OFF, MAX_OFF);
      }
      before = each;
    }
    gateway.epochs(stream).forEach(this::checkRecorded);
  }

  void checkRecorded(TestGateway.Epoch epoch) {
    long recorded = epoch.startMicros;
    for (ChunkInfo chunk : gateway.read(() -> epoch.of(ChunkInfo.class))) {
      assertThat(chunk.positionMicros()).as("chunks of %s follow", epoch.epoch).isEqualTo(recorded);
      recorded += chunk.durationMicros();
    }
    List<FrameInfo> frames = gateway.read(() -> epoch.of(FrameInfo.class));
    if (epoch.ended && !frames.isEmpty()) {
      assertThat(recorded)
          .as("recorded of %s", epoch.epoch)
          .isGreaterThanOrEqualTo(frames.get(frames.size() - 1).positionMicros());
    }
  }

  /** The numbers of all pictures that FFmpeg decodes from what was recorded of an epoch. */
  List<Integer> recordedNumbers(TestGateway.Epoch epoch, Path folder) throws IOException {
    Map<String, byte[]> inits = new HashMap<>();
    // One file for each way in which its pictures are encoded.
    Map<String, ByteArrayOutputStream> films = new LinkedHashMap<>();
    for (TestGateway.Received item : gateway.read(() -> List.copyOf(epoch.items))) {
      if (item.item() instanceof InitPart init) {
        inits.put(init.key(), item.payload());
      } else if (item.item() instanceof ChunkInfo chunk) {
        for (TrackInfo track : chunk.tracks()) {
          if (track.kind() == TrackInfo.Kind.VIDEO) {
            ByteArrayOutputStream film =
                films.computeIfAbsent(track.initKey(), key -> copyOf(inits.get(key)));
            for (Fragment part : chunk.fragments()) {
              if (part.track() == track.track()) {
                film.write(item.payload(), (int) part.offset(), (int) part.length());
              }
            }
          }
        }
      }
    }
    List<Integer> numbers = new ArrayList<>();
    for (Map.Entry<String, ByteArrayOutputStream> film : films.entrySet()) {
      Path file = Files.createTempFile(folder, "recorded", ".mp4");
      Files.write(file, film.getValue().toByteArray());
      numbers.addAll(TestVideo.frameNumbers(file));
    }
    return numbers;
  }

  private static ByteArrayOutputStream copyOf(byte[] bytes) {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    copy.writeBytes(bytes);
    return copy;
  }
}
