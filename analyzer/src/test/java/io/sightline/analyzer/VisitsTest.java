package io.sightline.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.analyzer.models.ModelFolder;
import io.sightline.media.picture.FrameSampler;
import io.sightline.media.picture.JpegSettings;
import io.sightline.media.picture.SampledFrame;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Detection;
import io.sightline.records.FrameInfo;
import io.sightline.records.Json;
import io.sightline.records.PluginSpec;
import io.sightline.records.Sampling;
import io.sightline.records.plugin.Analyzer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both ways to see people, on a real video whose truth is known, through real JPEG. */
class VisitsTest {

  private static final double JOIN_SECONDS = 2;
  private static final double TURN_SECONDS = 1.2;

  private record Frame(double second, FrameInfo info, byte[] jpeg) {}

  private record Stretch(double start, double end) {}

  private static final List<Frame> frames = new ArrayList<>();

  @BeforeAll
  static void sample() throws Exception {
    Path file = TestFiles.media("visits.mp4");
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS)) {
      SourceTrack video = source.tracks().stream().filter(SourceTrack::isVideo).findFirst().get();
      try (FrameSampler sampler =
          new FrameSampler(video, Sampling.perSecond(10), JpegSettings.DEFAULTS)) {
        for (Packet packet = source.next(); packet != null; packet = source.next()) {
          if (packet.track() == video.index()) {
            sampler.accept(packet, frame -> add(video, frame));
          }
        }
        sampler.finish(frame -> add(video, frame));
      }
    }
  }

  private static void add(SourceTrack video, SampledFrame frame) {
    double second = frame.pts() * video.timeBase().toDouble();
    FrameInfo info =
        new FrameInfo(
            "visits",
            "e",
            "live",
            frames.size(),
            1_700_000_000_000_000L + Math.round(second * 1e6),
            0,
            frame.width(),
            frame.height(),
            frame.jpeg().length,
            frame.keyframe());
    frames.add(new Frame(second, info, frame.jpeg()));
  }

  @Test
  void motion_defaults_findsTheSixVisitsAndNothingElse() throws Exception {
    List<Stretch> found =
        found("motion", Map.of(), "motion", frame -> frame.info().sequence() % 2 == 0);

    assertMatches(found, 1);
  }

  @Test
  void onnx_person_isSeenExactlyDuringTheVisits() throws Exception {
    String model = TestFiles.model("yolox-nano.onnx").toString();

    // Ten frames a second where somebody comes or goes, one elsewhere.
    JsonNode truth = truth();
    List<Stretch> found =
        found(
            "onnx",
            Map.of("model", model, "minConfidence", 50),
            "person",
            frame ->
                frame.info().sequence() % 10 == 0
                    || distanceToTurn(truth, frame.second()) < TURN_SECONDS);

    assertMatches(found, 0.45);
  }

  private static double distanceToTurn(JsonNode truth, double second) {
    double nearest = Double.MAX_VALUE;
    for (JsonNode visit : truth) {
      nearest = Math.min(nearest, Math.abs(visit.get("start").asDouble() - second));
      nearest = Math.min(nearest, Math.abs(visit.get("end").asDouble() - second));
    }
    return nearest;
  }

  private static List<Stretch> found(
      String use, Map<String, Object> settings, String label, Predicate<Frame> wanted)
      throws Exception {
    List<Stretch> stretches = new ArrayList<>();
    FramePicture.Forms forms = new FramePicture.Forms();
    try (AnalyzerPlugins plugins = AnalyzerPlugins.load(new ModelFolder(Path.of("models")));
        PictureDecoders decoders = new PictureDecoders();
        Analyzer analyzer = plugins.open(new PluginSpec(use, settings))) {
      for (Frame frame : frames) {
        if (!wanted.test(frame)) {
          continue;
        }
        List<Detection> detections =
            analyzer.look(new FramePicture(frame.info(), frame.jpeg(), decoders, forms));
        if (detections.stream().anyMatch(detection -> detection.label().equals(label))) {
          extend(stretches, frame.second());
        }
      }
    }
    return stretches;
  }

  private static void extend(List<Stretch> stretches, double second) {
    Stretch last = stretches.isEmpty() ? null : stretches.get(stretches.size() - 1);
    if (last == null || second - last.end() > JOIN_SECONDS) {
      stretches.add(new Stretch(second, second));
    } else {
      stretches.set(stretches.size() - 1, new Stretch(last.start(), second));
    }
  }

  private static JsonNode truth() throws Exception {
    return Json.MAPPER
        .readTree(Files.readAllBytes(TestFiles.media("visits.truth.json")))
        .get("segments");
  }

  private static void assertMatches(List<Stretch> found, double within) throws Exception {
    JsonNode truth = truth();
    assertThat(found).hasSize(truth.size());
    for (int i = 0; i < truth.size(); i++) {
      assertThat(Math.abs(found.get(i).start() - truth.get(i).get("start").asDouble()))
          .as("start of %s", found.get(i))
          .isLessThanOrEqualTo(within);
      assertThat(Math.abs(found.get(i).end() - truth.get(i).get("end").asDouble()))
          .as("end of %s", found.get(i))
          .isLessThanOrEqualTo(within);
    }
  }
}
