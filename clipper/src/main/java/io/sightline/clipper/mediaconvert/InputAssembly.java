package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipFolder;
import io.sightline.clipper.ClipOrder;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Assembles what a job reads. Recorded chunks are no files that MediaConvert knows: a chunk's
 * object has no init part, and holds one track after the other. So each unbroken stretch becomes
 * one progressive MP4 in the clip's folder, copied, from the keyframe before mark-in on; a new
 * epoch, another configuration or a gap begins a new file, since only within one do pictures count
 * on. Blocking.
 */
final class InputAssembly {

  private static final long LONGEST_HOLE_MICROS = 100_000;

  private final ClipOrder order;
  private final JobOrder jobs;
  private final ClipFolder folder;
  private final List<JobInput> inputs = new ArrayList<>();
  private TrackInfo picture;
  private int sounds;

  InputAssembly(ClipOrder order, JobOrder jobs, ClipFolder folder) {
    this.order = order;
    this.jobs = jobs;
    this.folder = folder;
  }

  /**
   * Stores the files.
   *
   * @param inputsPerJob how many of them one job may read
   * @throws MediaException NOT_FOUND when nothing was recorded between the marks; UNSUPPORTED when
   *     a job could not be exact
   */
  Submission assemble(int inputsPerJob) throws MediaException, IOException {
    try {
      addAll();
    } catch (MediaException e) {
      for (JobInput input : inputs) {
        folder.delete(input.name());
      }
      throw e;
    }
    return new Submission(
        inputs, inputsPerJob, sounds, picture.width(), picture.height(), Map.of());
  }

  private void addAll() throws MediaException, IOException {
    for (List<ChunkInfo> stretch : stretches(order.chunks())) {
      if (stretch.get(stretch.size() - 1).endMicros() > order.clip().markInMicros()
          && stretch.get(0).positionMicros() < order.clip().markOutMicros()) {
        add(stretch);
      }
    }
    if (inputs.isEmpty()) {
      throw new MediaException(Reason.NOT_FOUND, "Nothing was recorded between the marks");
    }
  }

  private void add(List<ChunkInfo> chunks) throws MediaException, IOException {
    TrackInfo video =
        chunks.get(0).tracks().stream()
            .filter(track -> track.kind() == TrackInfo.Kind.VIDEO)
            .findFirst()
            .orElseThrow(() -> InputRules.inexact("it has no pictures, which timecode counts"));
    InputRules.requireReadable(chunks.get(0).tracks());
    Map<String, byte[]> edges = new HashMap<>();
    CutResult cut =
        Cut.copy(
            order.id(),
            chunks,
            order.clip().markInMicros(),
            order.clip().markOutMicros(),
            folder.bytes(),
            edge -> edges.put(edge.key(), edge.content()));
    ByteSource bytes = with(edges);
    PictureGrid grid = PictureGrid.of(cut.index(), video, bytes, cut.startMicros());
    Rational rate = InputRules.rate(grid, video);
    long first = grid.before(order.clip().markInMicros());
    long last = grid.before(order.clip().markOutMicros()) - 1;
    if (last < first) {
      return;
    }
    InputRules.requireOneDay(last, rate);
    requireAlike(video, rate, chunks.get(0).tracks().size() - 1);
    String name = jobs.input(inputs.size() + 1);
    folder.mp4(name, cut.index(), bytes);
    inputs.add(new JobInput(name, rate, first, last, grid.position((int) first)));
  }

  private void requireAlike(TrackInfo video, Rational rate, int soundTracks) throws MediaException {
    if (!inputs.isEmpty()
        && (!inputs.get(0).rate().equals(rate)
            || sounds != soundTracks
            || picture.width() != video.width()
            || picture.height() != video.height())) {
      throw InputRules.inexact(
          "its rate, size or sound tracks change, and one job has one of each");
    }
    picture = video;
    sounds = soundTracks;
  }

  /** What was made for the cut is small, and nobody needs it as an object. */
  private ByteSource with(Map<String, byte[]> edges) {
    return (key, offset, length) -> {
      byte[] edge = edges.get(key);
      if (edge == null) {
        return folder.bytes().read(key, offset, length);
      }
      int end = length < 0 ? edge.length : (int) Math.min(edge.length, offset + length);
      return Arrays.copyOfRange(edge, (int) offset, end);
    };
  }

  private static List<List<ChunkInfo>> stretches(List<ChunkInfo> chunks) {
    List<List<ChunkInfo>> stretches = new ArrayList<>();
    ChunkInfo before = null;
    for (ChunkInfo chunk : chunks) {
      if (before == null || !continues(before, chunk)) {
        stretches.add(new ArrayList<>());
      }
      stretches.get(stretches.size() - 1).add(chunk);
      before = chunk;
    }
    return stretches;
  }

  private static boolean continues(ChunkInfo before, ChunkInfo next) {
    return before.epoch().equals(next.epoch())
        && before.tracks().equals(next.tracks())
        && next.positionMicros() - before.endMicros() < LONGEST_HOLE_MICROS;
  }
}
