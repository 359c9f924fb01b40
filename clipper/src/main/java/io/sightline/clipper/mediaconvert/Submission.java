package io.sightline.clipper.mediaconvert;

import io.sightline.records.Rational;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a clip or a replay in the making; stored before anything is asked of
 * MediaConvert, so that a repeat finds its jobs. A job reads so many inputs and no more; with more
 * inputs there are several jobs, whose outputs are joined here.
 *
 * @param inputs in order of play; at least one; those of a clip at the same rate
 * @param inputsPerJob at most {@link #MAX_INPUTS}
 * @param sounds how many sound tracks each of them has
 * @param width of what comes of it, in pixels
 * @param height of what comes of it, in pixels
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

  /** Of what comes of it: the highest of its inputs', so that no picture is left out. */
  Rational rate() {
    return inputs.stream()
        .map(JobInput::rate)
        .max(Comparator.comparingDouble(Rational::toDouble))
        .orElseThrow();
  }

  /** Of what comes of it. */
  PictureSize size() {
    return new PictureSize(width, height);
  }

  /** How many pictures come of one job. */
  PictureCount pictures(int part) {
    Rational rate = rate();
    long pictures = 0;
    long mayDiffer = 0;
    for (JobInput input : part(part)) {
      pictures +=
          Rational.rescale(
              input.pictures(),
              new Rational(input.rate().denominator(), input.rate().numerator()),
              new Rational(rate.denominator(), rate.numerator()));
      mayDiffer += input.rate().equals(rate) ? 0 : 1;
    }
    return new PictureCount(pictures, mayDiffer);
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
