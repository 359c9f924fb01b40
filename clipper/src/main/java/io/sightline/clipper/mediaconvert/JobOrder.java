package io.sightline.clipper.mediaconvert;

import io.sightline.records.Ids;
import io.sightline.records.ReplayJob;
import java.util.Map;
import software.amazon.awssdk.services.mediaconvert.model.Job;

/**
 * What jobs are made for: a clip, or a replay as a whole.
 *
 * @param mark key in the user metadata of its jobs, under which its id stands
 * @param id the same for what is begun again after a kill, and for nothing else
 * @param folder key of the folder of its objects, ending with a slash
 * @param name of its MP4, without an extension
 * @param whole whether it is a replay: of the size and rate that the submission says, whatever
 *     those of its inputs are, with one sound, and HLS files in all sizes of the ladder
 */
record JobOrder(String mark, String id, String folder, String name, boolean whole) {

  private static final String PART = "sightline-part";

  static JobOrder ofClip(String clip) {
    return new JobOrder("sightline-clip", clip, "clips/" + clip + "/", "clip", false);
  }

  static JobOrder ofReplay(ReplayJob job) {
    return new JobOrder("sightline-replay", job.id(), job.folder(), "replay", true);
  }

  /** What the names of all files begin with that its jobs read; unlike an id, it is short. */
  String inputs() {
    return "input-" + Ids.digest(id) + "-";
  }

  /**
   * Name of a file that a job reads, by which the job can be found.
   *
   * @param number from 1
   */
  String input(int number) {
    return inputs() + number + ".mp4";
  }

  /** Name of the MP4 of a part, without its extension. */
  String output(Submission submission, int part) {
    return submission.parts() == 1 ? name : "part-" + part;
  }

  /** What the job of a part carries. */
  Map<String, String> metadata(int part) {
    return Map.of(mark, id, PART, Integer.toString(part));
  }

  /** Whether a job is that of a part. */
  boolean isPart(Job job, int part) {
    return job.hasUserMetadata()
        && job.userMetadata().entrySet().containsAll(metadata(part).entrySet());
  }

  /** Whether a job is of this. */
  boolean owns(Job job) {
    return job.hasUserMetadata() && id.equals(job.userMetadata().get(mark));
  }
}
