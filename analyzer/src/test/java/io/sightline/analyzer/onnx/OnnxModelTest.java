package io.sightline.analyzer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.analyzer.TestFiles;
import io.sightline.media.picture.FrameSampler;
import io.sightline.media.picture.JpegDecoder;
import io.sightline.media.picture.JpegForms;
import io.sightline.media.picture.JpegSettings;
import io.sightline.media.picture.SampledFrame;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.records.Sampling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxModelTest {

  private static final float MIN_SCORE = 0.4f;
  private static final float SURE = 0.6f;

  @Test
  void load_exportOfFixedSize_takesInputsOfThePicturesShape() {
    try (OnnxModel model =
        OnnxModel.load(TestFiles.model("yolox-nano.onnx"), Layout.YOLOX, 1, 640)) {
      assertThat(model.box()).isEqualTo(new InputBox(416, 416, 32, 32));
      assertThat(model.classes()).isEqualTo(80);
    }
  }

  @Test
  void run_widePicture_findsWhatTheSquareInputFinds() throws Exception {
    Path file = TestFiles.model("yolox-nano.onnx");
    InputBox square = InputBox.whole(416, 416);
    int found = 0;
    try (OnnxModel model = OnnxModel.load(file, Layout.YOLOX, 1, 640);
        ModelSession session = ModelSession.open(file, Layout.YOLOX, 1);
        JpegDecoder decoder = new JpegDecoder()) {
      for (SampledFrame frame : frames()) {
        Fit whole = square.fit(frame.width(), frame.height());
        int width = whole.scaledWidth();
        int height = whole.scaledHeight();
        byte[] bgr =
            decoder.decode(frame.jpeg(), JpegForms.bgrOnly(width, height)).bgr(width, height);
        var pixels = new Letterbox(square).lay(bgr, whole);
        Candidate before = best(session.infer(pixels, 416, 416, 80, MIN_SCORE));
        Fit fit = model.fit(frame.width(), frame.height());
        Candidate now = best(model.run(bgr, fit, MIN_SCORE));
        // What one is sure of, the other sees; nearer the threshold they may differ.
        if (score(before) >= SURE || score(now) >= SURE) {
          found++;
          double scale = whole.scale();
          assertThat(before).isNotNull();
          assertThat(now).isNotNull();
          assertThat(now.label()).isEqualTo(before.label());
          assertThat(now.score()).isCloseTo(before.score(), within(0.15f));
          assertThat(now.left()).isCloseTo((float) (before.left() / scale), within(25f));
          assertThat(now.bottom()).isCloseTo((float) (before.bottom() / scale), within(25f));
        }
      }
    }
    assertThat(found).isGreaterThan(3);
  }

  @Test
  void open_whatIsNoModel_isLeftAlone() throws Exception {
    byte[] text = "not a model at all".getBytes(StandardCharsets.UTF_8);
    byte[] cut = Files.readAllBytes(TestFiles.model("yolox-nano.onnx"));

    assertThat(OpenInput.of(text)).isEmpty();
    assertThat(OpenInput.of(Arrays.copyOf(cut, cut.length / 2))).isEmpty();
  }

  private static float score(Candidate candidate) {
    return candidate == null ? 0 : candidate.score();
  }

  private static Candidate best(List<Candidate> candidates) {
    return candidates.stream().max(Comparator.comparing(Candidate::score)).orElse(null);
  }

  /** Every tenth second of the sample. */
  private static List<SampledFrame> frames() throws Exception {
    List<SampledFrame> frames = new ArrayList<>();
    try (MediaSource source =
            MediaSource.open(TestFiles.media("visits.mp4").toString(), SourceOptions.DEFAULTS);
        FrameSampler sampler =
            new FrameSampler(
                source.tracks().get(0), Sampling.parse("0.1/s"), JpegSettings.DEFAULTS)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        sampler.accept(packet, frames::add);
      }
      sampler.finish(frames::add);
    }
    return frames;
  }
}
