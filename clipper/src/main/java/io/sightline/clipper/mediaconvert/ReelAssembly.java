package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipFolder;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cut.ReelStretches;
import io.sightline.records.ClipIndex;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Assembles what the jobs of a whole replay read: each stretch of like media as one progressive
 * MP4, copied. Clips of one encoder are one stretch, as they play on one timeline; pictures of
 * another header, or at another pace, begin a new one. Blocking.
 */
final class ReelAssembly {

  private final JobOrder order;
  private final ClipFolder folder;
  private final Stop stop;
  private final List<JobInput> inputs = new ArrayList<>();
  private TrackInfo largest;
  private int sounds;
  private long playedMicros;

  ReelAssembly(JobOrder order, ClipFolder folder, Stop stop) {
    this.order = order;
    this.folder = folder;
    this.stop = stop;
  }

  /**
   * Stores the files.
   *
   * @param inputsPerJob how many of them one job may read
   * @throws MediaException UNSUPPORTED when a job could not show what the replay shows
   */
  Submission assemble(ClipIndex reel, int inputsPerJob) throws MediaException, IOException {
    List<ClipIndex> stretches = ReelStretches.of(reel);
    if (stretches.isEmpty()) {
      throw noPictures();
    }
    sounds = stretches.get(0).tracks().size() - 1;
    for (ClipIndex stretch : stretches) {
      add(stretch);
    }
    return new Submission(
        inputs, inputsPerJob, sounds, largest.width(), largest.height(), Map.of());
  }

  static MediaException noPictures() {
    return new MediaException(
        Reason.UNSUPPORTED, "MediaConvert encodes pictures, and the replay has none");
  }

  private void add(ClipIndex stretch) throws MediaException, IOException {
    stop.check();
    TrackInfo video = stretch.tracks().get(0);
    InputRules.requireReadable(stretch.tracks());
    if (stretch.tracks().size() - 1 != sounds) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "Some clips of the replay have sound and others have none, and one job has it throughout"
              + " or not at all");
    }
    PictureGrid grid = PictureGrid.of(stretch, video, folder.bytes(), playedMicros);
    Optional<List<ClipIndex>> halves =
        grid.rate(video.frameRate()).isPresent() ? Optional.empty() : ReelStretches.halves(stretch);
    if (halves.isPresent()) {
      // Where it is only that clips were joined between two beats, each of them counts by itself.
      add(halves.get().get(0));
      add(halves.get().get(1));
      return;
    }
    Rational rate = InputRules.rate(grid, video);
    InputRules.requireOneDay(grid.pictures() - 1, rate);
    String name = order.input(inputs.size() + 1);
    folder.mp4(name, stretch);
    JobInput input = new JobInput(name, rate, 0, grid.pictures() - 1, playedMicros);
    inputs.add(input);
    playedMicros = input.endMicros();
    if (largest == null || pixels(video) > pixels(largest)) {
      largest = video;
    }
  }

  private static long pixels(TrackInfo video) {
    return (long) video.width() * video.height();
  }
}
