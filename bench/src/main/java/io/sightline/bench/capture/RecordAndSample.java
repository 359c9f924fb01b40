package io.sightline.bench.capture;

import io.sightline.bench.BenchException;
import io.sightline.bench.Comparison;
import io.sightline.bench.Processor;
import io.sightline.bench.Workbench;
import io.sightline.edgecapture.CaptureStatus;
import io.sightline.edgecapture.Rehearsal;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Sampling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Records a film and takes pictures of it, as fast as that goes, by our live capture and by one
 * {@code ffmpeg}. Both write what they make as files into the same folder. The cost is processor
 * time.
 *
 * @param film what is read
 * @param sampling our policy
 * @param ourPictures how many it has to give
 * @param ourChunks how many chunks have to be made; 0 when it is not recorded
 * @param input options of ffmpeg before the input
 * @param output options of ffmpeg for its pictures
 * @param itsPictures how many it has to give
 */
record RecordAndSample(
    Path film,
    Sampling sampling,
    int ourPictures,
    int ourChunks,
    List<String> input,
    List<String> output,
    int itsPictures) {

  private static final int ROUNDS = 5;

  /** After which hardly anything is compiled any more. */
  private static final int WARM_UP_ROUNDS = 4;

  /** The quality of ours. */
  private static final String QUALITY = "3";

  Comparison compare(Workbench bench) throws Exception {
    bench.progress().say("warming up");
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      ours(bench);
    }
    return Comparison.of(ROUNDS, bench.progress(), () -> ours(bench), () -> yardstick(bench));
  }

  private double ours(Workbench bench) throws Exception {
    Path folder = bench.emptied("ours");
    Profile profile =
        new Profile("bench", sampling, null, List.of(new PluginSpec("motion")), List.of());
    double before = Processor.ours();
    CaptureStatus status;
    try (MediaSource source = MediaSource.open(film.toString(), SourceOptions.DEFAULTS)) {
      status =
          Rehearsal.run(
              source,
              profile,
              ourChunks > 0,
              (sequence, header, payload) -> write(folder.resolve("" + sequence), payload));
    }
    double cost = Processor.ours() - before;
    if (status.frames() != ourPictures || status.chunks() != ourChunks || status.epochs() != 1) {
      throw new BenchException(
          "Ours made " + status.frames() + " pictures and " + status.chunks() + " chunks");
    }
    return cost;
  }

  private double yardstick(Workbench bench) throws Exception {
    Path folder = bench.emptied("yardstick");
    List<String> arguments = new ArrayList<>();
    // One thread does all of it for less than several, which is what counts here.
    arguments.addAll(List.of("-threads", "1"));
    arguments.addAll(input);
    arguments.addAll(List.of("-i", film.toString(), "-map", "0:v"));
    arguments.addAll(output);
    arguments.addAll(List.of("-c:v", "mjpeg", "-q:v", QUALITY, "-threads", "1"));
    arguments.addAll(List.of("-f", "image2", folder.resolve("%d.jpg").toString()));
    if (ourChunks > 0) {
      arguments.addAll(List.of("-map", "0", "-c", "copy", "-f", "segment", "-segment_time", "2"));
      arguments.add(folder.resolve("%d.mp4").toString());
    }
    double before = Processor.endedChildren();
    bench.ffmpeg().run(arguments);
    double cost = Processor.endedChildren() - before;
    long pictures = Workbench.count(folder, ".jpg");
    if (pictures < itsPictures || Workbench.count(folder, ".mp4") < ourChunks) {
      throw new BenchException("The yardstick made " + pictures + " pictures");
    }
    return cost;
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
