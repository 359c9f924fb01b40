package io.sightline.edgecapture;

import io.sightline.records.InputSpec;
import io.sightline.records.InputUse;
import io.sightline.records.StreamSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be done with the inputs of a stream.
 *
 * @param inputs the first is the leading one: its packets begin and end the epochs
 * @param live whether they are read as they come; otherwise files are processed
 */
record InputPlan(List<Input> inputs, boolean live) {

  /**
   * One source and what it is taken for.
   *
   * @param key that a publisher must show; never printed
   * @param every how often it is asked for a picture, if it is a snapshot
   */
  record Input(InputUrl url, String key, Duration every, boolean record, boolean analyze) {

    @Override
    public String toString() {
      return url.toString();
    }

    /** For messages about one of several inputs. */
    String name() {
      return record ? "the input that is recorded" : "the input that is analyzed";
    }
  }

  /**
   * @param limits of where it is sent to: what is not taken there is not made
   * @throws IllegalArgumentException with a sentence, when the declaration cannot work
   */
  static InputPlan of(StreamSpec stream, Path directory, SinkLimits limits) {
    List<Input> inputs = new ArrayList<>();
    Set<InputUse> used = new HashSet<>();
    for (InputSpec spec : stream.inputs()) {
      boolean record = limits.chunks() && stream.record() && spec.use().contains(InputUse.RECORD);
      boolean analyze = spec.use().contains(InputUse.ANALYZE);
      if ((record && !used.add(InputUse.RECORD)) || (analyze && !used.add(InputUse.ANALYZE))) {
        throw new IllegalArgumentException(
            "The stream '"
                + stream.name()
                + "' has two inputs for the same use; give one 'use: [record]' and the other"
                + " 'use: [analyze]'");
      }
      if (record || analyze) {
        inputs.add(
            new Input(
                InputUrl.parse(spec.url(), directory),
                spec.key(),
                spec.interval(),
                record,
                analyze));
      }
    }
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(
          "The stream '"
              + stream.name()
              + "' has nothing to do: "
              + (limits.chunks() ? "it is not recorded" : limits.place() + " takes no recordings")
              + ", and no input is analyzed");
    }
    if (inputs.stream().filter(input -> input.url().published()).count() > 1) {
      throw new IllegalArgumentException(
          "The stream '"
              + stream.name()
              + "' has two inputs 'rtmp-listen'; one encoder publishes to a stream");
    }
    inputs.sort(Comparator.comparing(input -> !input.record()));
    boolean live = inputs.get(0).url().live();
    if (inputs.stream().anyMatch(input -> input.url().live() != live)) {
      throw new IllegalArgumentException(
          "The inputs of the stream '"
              + stream.name()
              + "' must all be live or all be files that are processed");
    }
    if (!live && !stream.schedule().isEmpty()) {
      throw new IllegalArgumentException(
          "The stream '"
              + stream.name()
              + "' is a file that is processed at once; a schedule is for live inputs, such as a"
              + " file with '?realtime'");
    }
    return new InputPlan(List.copyOf(inputs), live);
  }
}
