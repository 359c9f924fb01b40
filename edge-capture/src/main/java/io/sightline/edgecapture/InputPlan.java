package io.sightline.edgecapture;

import io.sightline.records.BackupSpec;
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
   * @param offsetMicros how much later than it arrives it is laid on the axis of the input that is
   *     recorded; null when that is measured
   * @param backups what stands in for it, in this order; they have none themselves
   * @param failover after which silence the next one is opened
   * @param returnAfter how long it has delivered before it takes over from a backup
   */
  record Input(
      InputUrl url,
      String key,
      Duration every,
      boolean record,
      boolean analyze,
      Long offsetMicros,
      List<Input> backups,
      Duration failover,
      Duration returnAfter) {

    /** One that nothing stands in for. */
    Input(InputUrl url, String key, Duration every, boolean record, boolean analyze) {
      this(
          url,
          key,
          every,
          record,
          analyze,
          null,
          List.of(),
          InputSpec.DEFAULT_FAILOVER,
          InputSpec.DEFAULT_RETURN_AFTER);
    }

    Set<InputUse> uses() {
      return !record
          ? Set.of(InputUse.ANALYZE)
          : analyze ? Set.of(InputUse.RECORD, InputUse.ANALYZE) : Set.of(InputUse.RECORD);
    }

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
        inputs.add(input(spec, directory, record, analyze));
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
    checkKeys(stream, inputs);
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

  private static Input input(InputSpec spec, Path directory, boolean record, boolean analyze) {
    InputUrl url = InputUrl.parse(spec.url(), directory);
    List<Input> backups = new ArrayList<>();
    Duration failover = spec.failoverAfter();
    for (BackupSpec backup : spec.backup()) {
      InputUrl other = InputUrl.parse(backup.url(), directory);
      if (other.file() != null && !other.loop()) {
        throw new IllegalArgumentException(
            "The backup '" + other + "' is no live source; a file stands in with '?loop'");
      }
      backups.add(
          new Input(
              other,
              backup.key(),
              backup.interval(),
              record,
              analyze,
              backup.offsetMicros(),
              List.of(),
              failover,
              spec.wellAfter()));
      failover = longer(failover, backup.every(), backup.interval());
    }
    if (url.file() != null && !backups.isEmpty()) {
      throw new IllegalArgumentException(
          "The input '"
              + url
              + "' is read from this machine's disk; only live sources have a backup");
    }
    return new Input(
        url,
        spec.key(),
        spec.interval(),
        record,
        analyze,
        spec.offsetMicros(),
        List.copyOf(backups),
        longer(failover, spec.every(), spec.interval()),
        spec.wellAfter());
  }

  /** What is asked for a picture now and then is not silent in between. */
  private static Duration longer(Duration failover, String every, Duration interval) {
    Duration twice = interval.multipliedBy(2);
    return every != null && twice.compareTo(failover) > 0 ? twice : failover;
  }

  /** Encoders that publish to one stream are told apart by their keys. */
  private static void checkKeys(StreamSpec stream, List<Input> inputs) {
    Set<String> keys = new HashSet<>();
    for (Input input : inputs) {
      List<Input> all = new ArrayList<>(input.backups());
      all.add(input);
      for (Input each : all) {
        if (each.url().published() && !keys.add(each.key())) {
          throw new IllegalArgumentException(
              "Two encoders publish to the stream '"
                  + stream.name()
                  + "' with the same key; give the backup a key of its own");
        }
      }
    }
  }
}
