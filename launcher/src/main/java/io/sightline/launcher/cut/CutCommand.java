package io.sightline.launcher.cut;

import io.sightline.launcher.ExitCode;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.export.ResultFolder;
import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.cut.WatchedBytes;
import io.sightline.media.film.FilmStretch;
import io.sightline.media.hls.HlsExport;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** {@code sightline cut VIDEO --from 12.345 --to 20.010}. */
@CommandLine.Command(
    name = "cut",
    description =
        "Cuts a stretch out of a film, exact to the picture. What was encoded is copied; only a few"
            + " pictures at the marks are encoded again.",
    mixinStandardHelpOptions = true)
public final class CutCommand implements Callable<Integer> {

  private static final int ALL_SOUND = 0;

  @CommandLine.Parameters(paramLabel = "VIDEO", description = "A file that FFmpeg can read.")
  private Path film;

  @CommandLine.Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description =
          "Where the clip begins: seconds from the film's first picture (12.345), or timecode from"
              + " there (00:00:12:08; with ';' before the frames for drop-frame).")
  private String from;

  @CommandLine.Option(
      names = "--to",
      required = true,
      paramLabel = "TIME",
      description = "Where it ends, as --from; the picture at that time is not in.")
  private String to;

  @CommandLine.Option(
      names = "--out",
      paramLabel = "PATH",
      description =
          "A file ending in .mp4, or a folder for HLS. Default: the film's name with -cut.mp4.")
  private Path out;

  @CommandLine.Option(
      names = "--accuracy",
      paramLabel = "frame|keyframe",
      description =
          "frame: exactly the pictures between the marks (default). keyframe: a copy from the"
              + " keyframe before, nothing is encoded.")
  private String accuracy = "frame";

  @CommandLine.Option(
      names = "--audio",
      paramLabel = "N|all",
      description = "Which sound track is kept, from 1 on. Default: all.")
  private String audio = "all";

  @CommandLine.Option(names = "--force", description = "Replace what --out names.")
  private boolean force;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws RequestException, IOException {
    if (!accuracy.equals("frame") && !accuracy.equals("keyframe")) {
      throw new RequestException("--accuracy must be frame or keyframe, not " + accuracy);
    }
    if (!Files.isRegularFile(film)) {
      throw new RequestException("There is no film " + film);
    }
    int track = track();
    Path target = target();
    try {
      CutTimes times = CutTimes.read(film, from, to);
      return cut(times, track, target);
    } catch (MediaException e) {
      throw new RequestException(film + " cannot be cut so: " + e.getMessage(), e);
    }
  }

  private int track() throws RequestException {
    if (audio.equals("all")) {
      return ALL_SOUND;
    }
    if (!audio.matches("[1-9]\\d?")) {
      throw new RequestException(
          "--audio must be 'all' or the number of a sound track from 1 on, not " + audio);
    }
    return Integer.parseInt(audio);
  }

  private Path target() throws RequestException {
    String name = film.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path chosen =
        out == null ? Path.of((dot > 0 ? name.substring(0, dot) : name) + "-cut.mp4") : out;
    if (Files.exists(chosen) && !force) {
      throw new RequestException(chosen + " is there already; --force replaces it");
    }
    if (Files.exists(chosen) && Files.isDirectory(chosen) == isMp4(chosen)) {
      throw new RequestException(
          chosen + (isMp4(chosen) ? " is a folder" : " is a file, but HLS needs a folder"));
    }
    return chosen;
  }

  private static boolean isMp4(Path target) {
    return target.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".mp4");
  }

  private int cut(CutTimes times, int track, Path target) throws MediaException, IOException {
    Path parent = target.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    // Beside the target, so that the finished clip is moved there in one step.
    Path work = Files.createTempDirectory(parent, ".sightline-cut-");
    try {
      Path draft = work.resolve("clip");
      CutResult cut;
      try (CutBar bar = CutBar.open()) {
        Path folder = Files.createDirectory(work.resolve("film"));
        FilmStretch stretch = read(times, track, folder, bar);
        cut = stretch.cut(accuracy.equals("frame"), bar);
        write(cut.index(), stretch, isMp4(target), draft, bar);
      }
      ResultFolder.deleteTree(target);
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      tell(cut, target);
      return ExitCode.DONE;
    } finally {
      ResultFolder.deleteTree(work);
    }
  }

  private FilmStretch read(CutTimes times, int track, Path folder, CutBar bar)
      throws MediaException, IOException {
    String reading = "reading " + film.getFileName();
    return FilmStretch.read(
        film,
        times.fromMicros(),
        times.toMicros(),
        track,
        folder,
        micros -> bar.at(reading, micros / (double) times.toMicros()));
  }

  private static void write(
      ClipIndex clip, FilmStretch stretch, boolean mp4, Path draft, CutBar bar)
      throws MediaException, IOException {
    ByteSource bytes = WatchedBytes.of(stretch, clip, "writing", bar);
    if (mp4) {
      try (OutputStream file = Files.newOutputStream(draft)) {
        Mp4File.write(clip, bytes, file);
      }
    } else {
      HlsExport.write(clip, bytes, draft);
    }
  }

  private void tell(CutResult cut, Path target) {
    PrintWriter printer = spec.commandLine().getOut();
    printer.printf(
        Locale.ROOT,
        "%s: %.3f s, from %.3f to %.3f s of the film%n",
        target,
        Positions.seconds(cut.durationMicros()),
        Positions.seconds(cut.startMicros()),
        Positions.seconds(cut.endMicros()));
    if (cut.note() != null) {
      printer.println("The clip " + cut.note() + ".");
    }
    printer.flush();
  }
}
