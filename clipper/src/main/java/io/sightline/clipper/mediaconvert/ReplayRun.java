package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipFolder;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cut.Reel;
import io.sightline.records.ClipIndex;
import io.sightline.records.JobEstimate;
import io.sightline.records.Json;
import io.sightline.records.Replay;
import io.sightline.records.ReplayJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The encoding of a whole replay, from its reel to an MP4 and HLS files in several sizes: files are
 * assembled, jobs do their work, and what they wrote is checked, and joined where there are
 * several. Blocking; one thread.
 */
final class ReplayRun {

  private static final String MP4 = "replay.mp4";

  /** What the names of objects begin with that only its making needs. */
  private static final List<String> WORK =
      List.of("input-", "part-", "media-", "init-", JobRun.NOTE);

  private final ReplayJob job;
  private final JobOrder order;
  private final ClipFolder folder;
  private final MediaConvert mediaConvert;
  private final Stop stop;
  private final JobRun jobs;
  private JobEstimate estimate;
  private List<String> ids = List.of();

  /**
   * @param mediaConvert in use
   */
  ReplayRun(ReplayJob job, ClipFolder folder, MediaConvert mediaConvert, Stop stop) {
    this.job = job;
    this.order = JobOrder.ofReplay(job);
    this.folder = folder;
    this.mediaConvert = mediaConvert;
    this.stop = stop;
    this.jobs = new JobRun(order, folder, mediaConvert, stop);
    this.estimate = job.estimate();
  }

  /** Is told how far it has come. */
  interface Watcher {

    /**
     * @param fraction of what is being done, 0 to 1
     * @param estimate null until it is known
     * @param jobs as far as they are known
     */
    void at(String doing, double fraction, JobEstimate estimate, List<String> jobs);
  }

  /**
   * Makes all outputs.
   *
   * @param replay in the version that the job is of
   * @throws MediaException when it cannot be made; what there is of it is to be {@link #forget}
   */
  void make(Replay replay, Watcher watcher) throws MediaException, IOException {
    watcher.at("assembling", 0, estimate, ids);
    Submission submission = jobs.prepare(() -> assemble(replay));
    estimate =
        mediaConvert.estimate(submission.size(), submission.rate(), submission.durationMicros());
    String cost = estimate.currency() + " " + estimate.cost().toPlainString();
    jobs.encode(
        cost,
        (doing, fraction) -> watcher.at(doing, fraction, estimate, ids),
        known -> {
          ids = known;
          watcher.at("encoding with MediaConvert", 0, estimate, ids);
        });
    watcher.at("checking", 0, estimate, ids);
    collect(submission);
  }

  /** Ends all its jobs, as well as it can, and deletes all there is of it. */
  void forget() throws IOException {
    jobs.undoAll(job.jobs());
    folder.delete();
  }

  /** Deletes what is not needed any more once it is known that it is ready. */
  void tidy() throws IOException {
    for (String beginning : WORK) {
      for (String name : folder.names(beginning)) {
        folder.delete(name);
      }
    }
  }

  /**
   * The job, whose outputs are there.
   *
   * @param latest as it was told of last
   */
  ReplayJob ready(ReplayJob latest) {
    return latest.ready(
        folder.key(HlsFiles.MASTER),
        folder.key(MP4),
        mediaConvert.settings().place().url(folder.key("")));
  }

  private Submission assemble(Replay replay) throws MediaException, IOException {
    ClipIndex reel = Json.decode(folder.bytes().read(replay.indexKey(), 0, -1), ClipIndex.class);
    return new ReelAssembly(order, folder, stop).assemble(reel, mediaConvert.inputsPerJob());
  }

  private void collect(Submission submission) throws MediaException, IOException {
    List<ClipIndex> parts = new ArrayList<>();
    for (int part = 0; part < submission.parts(); part++) {
      stop.check();
      check(submission, part, parts);
    }
    int sizes = submission.size().ladder(mediaConvert.settings().ladder()).size();
    new HlsFiles(folder, submission, sizes).settle();
    if (submission.parts() > 1) {
      folder.mp4(MP4, Reel.join(job.replay(), parts));
    }
  }

  /** One of several is taken apart, to be joined with the others. */
  private void check(Submission submission, int part, List<ClipIndex> parts)
      throws MediaException, IOException {
    Path draft = Files.createTempDirectory("sightline-mediaconvert");
    Path mp4 = draft.resolve("output.mp4");
    try {
      String output = order.output(submission, part) + ".mp4";
      if (!folder.names(output).contains(output)) {
        throw new MediaException(
            Reason.MALFORMED, "MediaConvert has done its job, but " + output + " is not there");
      }
      folder.copy(output, mp4);
      if (submission.parts() == 1) {
        submission.pictures(part).require(PictureCount.in(mp4));
      } else {
        String stream = job.streams().get(0);
        parts.add(
            new OutputMedia(job.replay(), stream, "live", folder, submission, part).index(mp4));
      }
    } finally {
      Files.deleteIfExists(mp4);
      Files.delete(draft);
    }
  }
}
