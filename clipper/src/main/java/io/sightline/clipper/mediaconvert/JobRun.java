package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipFolder;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.Json;
import io.sightline.records.Progress;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.mediaconvert.model.Job;
import software.amazon.awssdk.services.mediaconvert.model.JobStatus;

/**
 * The jobs of one clip or replay, from assembled files to outputs: they are submitted and asked
 * about until they have ended. What has been submitted is noted in the folder, so that a run after
 * a kill goes on from there. Blocking; one thread.
 */
final class JobRun {

  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

  static final String NOTE = "mediaconvert.json";
  private static final int LOGGED_PERCENT = 25;

  private final JobOrder order;
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

  /**
   * @param mediaConvert in use
   */
  JobRun(JobOrder order, ClipFolder folder, MediaConvert mediaConvert, Stop stop) {
    this.order = order;
    this.folder = folder;
    this.settings = mediaConvert.settings();
    this.service = mediaConvert.service();
    this.events = mediaConvert.events();
    this.requests = new JobRequests(settings);
    this.stop = stop;
  }

  /** Stores the files that jobs read. */
  interface Assembly {

    /**
     * @throws MediaException UNSUPPORTED when a job could not be exact
     */
    Submission assemble() throws MediaException, IOException;
  }

  /** Has the files assembled, unless that has been done before. */
  Submission prepare(Assembly assembly) throws MediaException, IOException {
    stop.check();
    Optional<byte[]> noted = folder.find(NOTE);
    repeated = noted.isPresent();
    submission = repeated ? Json.decode(noted.get(), Submission.class) : assembly.assemble();
    return submission;
  }

  /**
   * Has all outputs made.
   *
   * @param cost of it, in words
   * @param known is told of the ids of the jobs, in order, once they are there
   */
  void encode(String cost, Progress progress, Consumer<List<String>> known)
      throws MediaException, IOException {
    if (submission.jobs().size() < submission.parts()) {
      // Before anything is asked: where this stands, a job may be there too.
      note(submission);
      LOG.info(
          "{}: {} job(s) of MediaConvert for {} s of output, about {}",
          order.id(),
          submission.parts(),
          submission.durationMicros() / 1_000_000.0,
          cost);
      submit();
    }
    List<String> jobs = submission.made();
    known.accept(jobs);
    for (int n = 0; n < jobs.size(); n++) {
      String job = jobs.get(n);
      events.follow(job, stop::wake);
      try {
        follow(job, progress, n, jobs.size());
      } finally {
        events.leave(job);
      }
    }
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
      } else if (submitting || repeated) {
        int number = part;
        service.cancel(submission.part(part).get(0).name(), job -> order.isPart(job, number));
      }
    }
    discardInputs();
  }

  /**
   * Ends all jobs that were made for it, also where what was noted of them is gone.
   *
   * @param ids of those that are known elsewhere
   */
  void undoAll(List<String> ids) {
    ids.forEach(service::cancel);
    service.cancel(order.inputs(), order::owns);
  }

  /** Ends the jobs, and forgets them: if it is wanted again, it is begun anew. */
  void forget() {
    undo();
    discard(NOTE);
  }

  /** Nothing reads them any more. */
  void discardInputs() {
    submission.inputs().forEach(input -> discard(input.name()));
  }

  private void submit() throws MediaException, IOException {
    submitting = true;
    for (int part = 0; part < submission.parts(); part++) {
      if (!submission.jobs().containsKey(part)) {
        Optional<Job> known = repeated ? submittedBefore(part) : Optional.empty();
        Job job =
            known.isPresent()
                ? known.get()
                : service.create(requests.create(order, submission, part), stop);
        note(submission.with(part, job.id()));
      }
    }
  }

  /** A job whose answer was lost with the process that asked for it. */
  private Optional<Job> submittedBefore(int part) throws MediaException {
    String input = submission.part(part).get(0).name();
    return service.find(input, job -> order.isPart(job, part), stop);
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

  private void discard(String name) {
    try {
      folder.delete(name);
    } catch (IOException e) {
      LOG.debug("{}: {}", order.id(), e.getMessage());
    }
  }
}
