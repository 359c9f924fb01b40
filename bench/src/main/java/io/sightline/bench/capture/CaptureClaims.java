package io.sightline.bench.capture;

import io.sightline.bench.Claim;
import io.sightline.bench.Figure;
import io.sightline.bench.Footage;
import io.sightline.bench.Target;
import io.sightline.bench.Workbench;
import io.sightline.records.Sampling;
import java.util.List;

/** What is claimed of capture. */
public final class CaptureClaims {

  private static final String PROCESSOR_TIME = "CPU s";
  private static final int CHUNKS = Footage.SECONDS / 2;
  private static final List<String> KEYFRAMES_ALONE = List.of("-skip_frame", "nokey");
  private static final List<String> AS_THEY_COME = List.of("-fps_mode", "passthrough");

  private static final Target KEYFRAMES = Target.atMost(1.25);
  private static final Target USUAL = Target.atMost(0.25);
  private static final Target EXACT = Target.atMost(0.85);
  private static final Target PASSED_THROUGH = Target.atMost(0.1);

  private CaptureClaims() {}

  public static List<Claim> all() {
    return List.of(
        new Claim(
            "capture-keyframes",
            "a 1080p camera is recorded, and its keyframes become JPEG",
            "ffmpeg doing just that",
            KEYFRAMES,
            CaptureClaims::keyframes),
        new Claim(
            "capture-vs-usual",
            "a picture about each second, the nearest keyframe, and the recording",
            "ffmpeg -vf fps=1, as people run it",
            USUAL,
            CaptureClaims::usual),
        new Claim(
            "capture-2fps",
            "two exact pictures a second out of GOPs of 2 s, and the recording",
            "ffmpeg -vf fps=2",
            EXACT,
            CaptureClaims::exact),
        new Claim(
            "capture-mjpeg",
            "the pictures of an MJPEG camera are passed through",
            "ffmpeg decoding and encoding them",
            PASSED_THROUGH,
            CaptureClaims::passedThrough),
        Fleet.claim(),
        RtmpIngest.claim());
  }

  private static List<Figure> keyframes(Workbench bench) throws Exception {
    RecordAndSample work =
        new RecordAndSample(
            bench.footage().recording(2),
            Sampling.ALL_KEYFRAMES,
            Footage.SECONDS / 2,
            CHUNKS,
            KEYFRAMES_ALONE,
            AS_THEY_COME,
            Footage.SECONDS / 2);
    return List.of(
        Figure.ratio("capture-keyframes", KEYFRAMES, work.compare(bench), PROCESSOR_TIME));
  }

  /**
   * With a keyframe every two seconds, which gives half as many pictures, and with one each second,
   * which gives as many.
   */
  private static List<Figure> usual(Workbench bench) throws Exception {
    RecordAndSample everyOther = usual(bench, 2);
    RecordAndSample each = usual(bench, 1);
    return List.of(
        Figure.ratio("capture-vs-usual", USUAL, everyOther.compare(bench), PROCESSOR_TIME),
        Figure.ratio("capture-vs-usual.gop1s", USUAL, each.compare(bench), PROCESSOR_TIME));
  }

  private static RecordAndSample usual(Workbench bench, int gopSeconds) throws Exception {
    return new RecordAndSample(
        bench.footage().recording(gopSeconds),
        Sampling.ALL_KEYFRAMES,
        Footage.SECONDS / gopSeconds,
        CHUNKS,
        List.of(),
        List.of("-vf", "fps=1"),
        Footage.SECONDS);
  }

  private static List<Figure> exact(Workbench bench) throws Exception {
    RecordAndSample work =
        new RecordAndSample(
            bench.footage().recording(2),
            Sampling.perSecond(2),
            2 * Footage.SECONDS,
            CHUNKS,
            List.of(),
            List.of("-vf", "fps=2"),
            2 * Footage.SECONDS);
    return List.of(Figure.ratio("capture-2fps", EXACT, work.compare(bench), PROCESSOR_TIME));
  }

  private static List<Figure> passedThrough(Workbench bench) throws Exception {
    int pictures = Footage.JPEG_SECONDS * Footage.JPEGS_PER_SECOND;
    RecordAndSample work =
        new RecordAndSample(
            bench.footage().jpegs(),
            Sampling.parse("every 1 frames"),
            pictures,
            0,
            List.of(),
            AS_THEY_COME,
            pictures);
    return List.of(
        Figure.ratio("capture-mjpeg", PASSED_THROUGH, work.compare(bench), PROCESSOR_TIME));
  }
}
