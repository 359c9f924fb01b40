package io.sightline.clipper.mediaconvert;

import io.sightline.records.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a clip in the making; stored before anything is asked of MediaConvert, so that a
 * repeat finds its jobs. A job reads so many inputs and no more; with more inputs there are several
 * jobs, whose outputs are joined here.
 *
 * @param inputs in order of play; at least one, all at the same rate
 * @param inputsPerJob at most {@link #MAX_INPUTS}
 * @param sounds how many sound tracks each of them has
 * @param jobs ids by the number of the part, from 0
 */
record Submission(
    List<JobInput> inputs,
    int inputsPerJob,
    int sounds,
    int width,
    int height,
    Map<Integer, String> jobs) {

  /** The service's limit (API reference, JobSettings). */
  static final int MAX_INPUTS = 150;

  Submission {
    inputs = List.copyOf(inputs);
    jobs = jobs == null ? Map.of() : Map.copyOf(jobs);
    if (inputs.isEmpty() || inputsPerJob < 1 || inputsPerJob > MAX_INPUTS) {
      throw new IllegalArgumentException(
          "A job reads 1 to " + MAX_INPUTS + " inputs, not " + inputsPerJob);
    }
  }

  int parts() {
    return (inputs.size() + inputsPerJob - 1) / inputsPerJob;
  }

  /** The inputs of one job. */
  List<JobInput> part(int number) {
    int from = number * inputsPerJob;
    return inputs.subList(from, Math.min(inputs.size(), from + inputsPerJob));
  }

  Rational rate() {
    return inputs.get(0).rate();
  }

  long durationMicros() {
    return inputs.stream().mapToLong(JobInput::durationMicros).sum();
  }

  /** The same with one more job known. */
  Submission with(int part, String job) {
    Map<Integer, String> known = new TreeMap<>(jobs);
    known.put(part, job);
    return new Submission(inputs, inputsPerJob, sounds, width, height, known);
  }

  /** Ids of the jobs that were made, in order. */
  List<String> made() {
    return new ArrayList<>(new TreeMap<>(jobs).values());
  }
}
