package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipFolder;
import io.sightline.clipper.ClipMedia;
import io.sightline.clipper.ClipOrder;
import io.sightline.media.MediaException;
import io.sightline.media.cut.Reel;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.Progress;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The making of one clip, from recorded chunks to its index: files are assembled, jobs do their
 * work, and what they wrote is indexed. Blocking; one thread.
 */
final class ClipRun {

  private static final long SHORTEST_GAP_MICROS = 100_000;

  private final ClipOrder clip;
  private final JobOrder order;
  private final ClipFolder folder;
  private final MediaConvert mediaConvert;
  private final MediaConvertSettings settings;
  private final Stop stop;
  private final JobRun jobs;
  private Submission submission;

  ClipRun(ClipOrder clip, ClipFolder folder, MediaConvert mediaConvert, Stop stop) {
    this.clip = clip;
    this.order = JobOrder.ofClip(clip.id());
    this.folder = folder;
    this.mediaConvert = mediaConvert;
    this.settings = mediaConvert.settings();
    this.stop = stop;
    this.jobs = new JobRun(order, folder, mediaConvert, stop);
  }

  /**
   * Assembles the files, unless that has been done before.
   *
   * @throws MediaException UNSUPPORTED when a job could not be exact
   */
  void prepare() throws MediaException, IOException {
    InputAssembly assembly = new InputAssembly(clip, order, folder);
    submission = jobs.prepare(() -> assembly.assemble(mediaConvert.inputsPerJob()));
  }

  /** Has the clip made of them. */
  ClipMedia make(int thumbnailWidth, Progress progress) throws MediaException, IOException {
    jobs.encode(cost(), progress, ids -> {});
    return collect(thumbnailWidth);
  }

  /** Ends the jobs and takes away what they were to read, as well as it can. */
  void undo() {
    jobs.undo();
  }

  /** The same, and forgets the jobs: if the clip is wanted again, it is begun anew. */
  void forget() {
    jobs.forget();
  }

  private ClipMedia collect(int thumbnailWidth) throws MediaException, IOException {
    List<ClipIndex> parts = new ArrayList<>();
    for (int part = 0; part < submission.parts(); part++) {
      stop.check();
      parts.add(index(part));
    }
    boolean whole = parts.size() == 1;
    ClipIndex index = whole ? parts.get(0) : Reel.join(clip.id(), parts);
    List<JobInput> inputs = submission.inputs();
    long start = inputs.get(0).startMicros();
    ClipMedia media =
        new ClipMedia(
            start,
            inputs.get(inputs.size() - 1).endMicros(),
            submission.durationMicros(),
            gaps(),
            "encoded by MediaConvert, about " + cost(),
            folder.index(index),
            whole ? folder.key("clip.mp4") : folder.mp4("clip.mp4", index),
            folder.thumbnail(index, start, thumbnailWidth),
            false);
    jobs.discardInputs();
    return media;
  }

  private ClipIndex index(int part) throws MediaException, IOException {
    Path draft = Files.createTempDirectory("sightline-mediaconvert");
    Path mp4 = draft.resolve("output.mp4");
    try {
      folder.copy(order.output(submission, part) + ".mp4", mp4);
      return new OutputMedia(
              clip.id(),
              clip.clip().segment().stream(),
              clip.clip().segment().run(),
              folder,
              submission,
              part)
          .index(mp4);
    } finally {
      Files.deleteIfExists(mp4);
      Files.delete(draft);
    }
  }

  private List<Clip.Gap> gaps() {
    List<Clip.Gap> gaps = new ArrayList<>();
    JobInput before = submission.inputs().get(0);
    for (JobInput input : submission.inputs()) {
      if (input.startMicros() - before.endMicros() >= SHORTEST_GAP_MICROS) {
        gaps.add(new Clip.Gap(before.endMicros(), input.startMicros()));
      }
      before = input;
    }
    return gaps;
  }

  private String cost() {
    BigDecimal cost =
        settings
            .prices()
            .estimate(
                Duration.of(submission.durationMicros(), ChronoUnit.MICROS),
                settings.outputs(),
                settings.quality(),
                submission.height(),
                submission.rate().toDouble());
    return settings.prices().currency() + " " + cost.toPlainString();
  }
}
