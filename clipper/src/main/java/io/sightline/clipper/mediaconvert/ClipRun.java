package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipFolder;
import io.sightline.clipper.ClipMedia;
import io.sightline.clipper.ClipOrder;
import io.sightline.clipper.Progress;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cut.Reel;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.mediaconvert.model.Job;
import software.amazon.awssdk.services.mediaconvert.model.JobStatus;

/**
 * The making of one clip, from recorded chunks to its index: files are assembled, jobs submitted
 * and asked about until they have ended, and what they wrote is indexed. What has been submitted is
 * noted in the clip's folder, so that a run after a kill goes on from there. Blocking; one thread.
 */
final class ClipRun {

  private static final Logger LOG = LoggerFactory.getLogger(ClipRun.class);

  private static final String NOTE = "mediaconvert.json";
  private static final long SHORTEST_GAP_MICROS = 100_000;
  private static final int LOGGED_PERCENT = 25;

  private final ClipOrder order;
  private final ClipFolder folder;
  private final MediaConvertSettings settings;
  private final JobService service;
  private final JobEvents events;
  private final JobRequests requests;
  private final Stop stop;
  private Submission submission;
  private boolean repeated;

  /** From when on there may be jobs whose ids are not known. */
  private boolean submitting;

  ClipRun(
      ClipOrder order,
      ClipFolder folder,
      MediaConvertSettings settings,
      JobService service,
      JobEvents events,
      Stop stop) {
    this.order = order;
    this.folder = folder;
    this.settings = settings;
    this.service = service;
    this.events = events;
    this.requests = new JobRequests(settings);
    this.stop = stop;
  }

  /**
   * Assembles the files, unless that has been done before.
   *
   * @param inputsPerJob how many of them one job may read
   * @throws MediaException UNSUPPORTED when a job could not be exact
   */
  void prepare(int inputsPerJob) throws MediaException, IOException {
    stop.check();
    Optional<byte[]> noted = folder.find(NOTE);
    repeated = noted.isPresent();
    submission =
        repeated
            ? Json.decode(noted.get(), Submission.class)
            : new InputAssembly(order, folder).assemble(inputsPerJob);
  }

  /** Has the clip made of them. */
  ClipMedia make(int thumbnailWidth, Progress progress) throws MediaException, IOException {
    if (submission.jobs().size() < submission.parts()) {
      // Before anything is asked: where this stands, a job may be there too.
      note(submission);
      LOG.info(
          "{}: {} job(s) of MediaConvert for {} s of output, about {}",
          order.id(),
          submission.parts(),
          submission.durationMicros() / 1_000_000.0,
          cost());
      submit();
    }
    List<String> jobs = submission.made();
    for (int n = 0; n < jobs.size(); n++) {
      String job = jobs.get(n);
      events.follow(job, stop::wake);
      try {
        follow(job, progress, n, jobs.size());
      } finally {
        events.leave(job);
      }
    }
    return collect(thumbnailWidth);
  }

  /** Ends the jobs and takes away what they were to read, as well as it can. */
  void undo() {
    if (submission == null) {
      return;
    }
    for (int part = 0; part < submission.parts(); part++) {
      String id = submission.jobs().get(part);
      if (id != null) {
        service.cancel(id);
      } else if (submitting) {
        service.cancel(submission.part(part).get(0).name(), marked(part));
      }
    }
    discardInputs();
  }

  /** The same, and forgets the jobs: if the clip is wanted again, it is begun anew. */
  void forget() {
    undo();
    discard(NOTE);
  }

  private void submit() throws MediaException, IOException {
    submitting = true;
    for (int part = 0; part < submission.parts(); part++) {
      if (!submission.jobs().containsKey(part)) {
        Optional<Job> known = repeated ? submittedBefore(part) : Optional.empty();
        Job job =
            known.isPresent()
                ? known.get()
                : service.create(
                    requests.create(order.id(), folder.key(""), submission, part), stop);
        note(submission.with(part, job.id()));
      }
    }
  }

  /** A job whose answer was lost with the process that asked for it. */
  private Optional<Job> submittedBefore(int part) throws MediaException {
    return service.find(submission.part(part).get(0).name(), marked(part), stop);
  }

  private Predicate<Job> marked(int part) {
    Map<String, String> mark =
        Map.of(JobRequests.CLIP, order.id(), JobRequests.PART, Integer.toString(part));
    return job ->
        job.hasUserMetadata() && job.userMetadata().entrySet().containsAll(mark.entrySet());
  }

  private void note(Submission known) throws IOException {
    submission = known;
    folder.put(NOTE, Json.encode(known), "application/json");
  }

  /** Until a job has ended, one of several that are looked at one after another. */
  private void follow(String id, Progress progress, int before, int all) throws MediaException {
    int logged = 0;
    while (true) {
      Job job = service.get(id, stop);
      if (job.status() == JobStatus.COMPLETE) {
        return;
      }
      requireGoingOn(job);
      int percent = job.jobPercentComplete() == null ? 0 : job.jobPercentComplete();
      progress.at("encoding with MediaConvert", (before + percent / 100.0) / all);
      if (percent >= logged + LOGGED_PERCENT) {
        logged = percent;
        LOG.info("{}: {} %, {}", order.id(), percent, job.currentPhaseAsString());
      }
      stop.pause(aboutThePoll());
    }
  }

  private static void requireGoingOn(Job job) throws MediaException {
    if (job.status() == JobStatus.ERROR) {
      throw new MediaException(
          Reason.UNAVAILABLE,
          "MediaConvert could not do the job "
              + job.id()
              + ": "
              + ServiceFailures.line(job.errorMessage())
              + " (error "
              + job.errorCode()
              + ")");
    }
    if (job.status() == JobStatus.CANCELED) {
      throw new MediaException(
          Reason.UNAVAILABLE, "The job " + job.id() + " was cancelled in MediaConvert");
    }
  }

  /** Jobs that began together are not asked about together. */
  private Duration aboutThePoll() {
    double factor = ThreadLocalRandom.current().nextDouble(0.9, 1.1);
    return Duration.of((long) (settings.poll().toMillis() * factor), ChronoUnit.MILLIS);
  }

  private ClipMedia collect(int thumbnailWidth) throws MediaException, IOException {
    List<ClipIndex> parts = new ArrayList<>();
    for (int part = 0; part < submission.parts(); part++) {
      stop.check();
      parts.add(index(part));
    }
    boolean whole = parts.size() == 1;
    ClipIndex index = whole ? parts.get(0) : Reel.join(order.id(), parts);
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
    discardInputs();
    return media;
  }

  private ClipIndex index(int part) throws MediaException, IOException {
    Path draft = Files.createTempDirectory("sightline-mediaconvert");
    Path mp4 = draft.resolve("output.mp4");
    try {
      folder.copy(JobRequests.outputName(submission, part) + ".mp4", mp4);
      return new OutputMedia(order, folder, submission.part(part), part).index(mp4);
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

  private void discardInputs() {
    submission.inputs().forEach(input -> discard(input.name()));
  }

  private void discard(String name) {
    try {
      folder.delete(name);
    } catch (IOException e) {
      LOG.debug("{}: {}", order.id(), e.getMessage());
    }
  }
}
