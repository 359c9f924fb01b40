package io.sightline.launcher.export;

import io.sightline.launcher.ExitCode;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.ConfigurationException;
import io.sightline.launcher.config.ConfigurationFile;
import io.sightline.launcher.installation.Folders;
import io.sightline.launcher.installation.Installation;
import io.sightline.media.timeline.TimelineFormat;
import io.sightline.media.timeline.TimelineOptions;
import io.sightline.records.EpochInfo;
import io.sightline.records.Replay;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;

/**
 * {@code sightline export STREAM}: the results of a run as files, as {@code process} writes them.
 */
@CommandLine.Command(
    name = "export",
    description = "Writes the segments, clips and alerts of a stream's run into a folder.",
    mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {

  private static final Path DEFAULT_FILE = Path.of("sightline.yaml");
  private static final String BUNDLE = "bundle.zip";
  private static final long TIMEOUT_SECONDS = 60;

  @CommandLine.Parameters(paramLabel = "STREAM", description = "The stream's name.")
  private String stream;

  @CommandLine.Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Where the results go.")
  private Path out;

  @CommandLine.Option(
      names = "--run",
      paramLabel = "RUN",
      description = "Which run. Default: that of the stream's newest epoch.")
  private String run;

  @CommandLine.Option(
      names = "--replay",
      paramLabel = "ID",
      description = "A replay to write as HLS, MP4 and timelines beside them.")
  private String replay;

  @CommandLine.Option(
      names = "--timeline",
      paramLabel = "FORMATS",
      split = ",",
      description = {
        "Timelines of the segments, and of the replay, in these formats: edl, otio, fcpxml, xmeml,",
        "json, csv, webvtt, ffmetadata, youtube. Default: of the replay, all that can hold it."
      })
  private List<String> timeline;

  @CommandLine.Option(
      names = "--media",
      paramLabel = "WHAT",
      description = "Sources of the timelines: 'clips' (default) or 'recording'.")
  private String media;

  @CommandLine.Option(
      names = "--timecode",
      paramLabel = "FROM",
      description = {
        "What their timecode counts from: 'start' or 'time-of-day'. Default: 'start' for clips,",
        "'time-of-day' for recordings."
      })
  private String timecode;

  @CommandLine.Option(
      names = "--handles",
      paramLabel = "FRAMES",
      description = "Frames to add on each side of a cut, where the source has them. Default: 0.")
  private String handles;

  @CommandLine.Option(
      names = "--rate",
      paramLabel = "RATE",
      description = "Frames a second: 25, 30000/1001. Default: those of the first source.")
  private String rate;

  @CommandLine.Option(
      names = "--drop-frame",
      paramLabel = "true|false",
      description = "Whether timecode leaves out numbers. Default: at 29.97 and 59.94.")
  private String dropFrame;

  @CommandLine.Option(
      names = "--begin",
      paramLabel = "TIMECODE",
      description = "Timecode of a timeline's first frame. Default: 00:00:00:00.")
  private String begin;

  @CommandLine.Option(
      names = "--bundle",
      description = {
        "Writes one file, bundle.zip, in place of the others: media, timelines, checksums."
      })
  private boolean bundle;

  @CommandLine.Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration file. Default: sightline.yaml here, if there is one.")
  private Path config;

  @CommandLine.Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "The data folder; in place of the file's 'data'.")
  private Path data;

  @Override
  public Integer call() throws Exception {
    Configuration configuration = configuration();
    Folders folders = new Folders(data != null ? data : configuration.data());
    if (!Files.exists(folders.records())) {
      throw new RequestException("There are no records in " + folders.data());
    }
    TimelineOrder order = order(configuration);
    Vertx vertx = Vertx.vertx();
    try {
      ObjectStore objects =
          await(Installation.openObjects(vertx, configuration.storage(), folders));
      RecordStore records = await(SqliteRecordStore.open(vertx, folders.records()));
      try {
        export(objects, records, order);
      } finally {
        await(records.close().eventually(objects::close));
      }
    } finally {
      await(vertx.close());
    }
    return ExitCode.DONE;
  }

  private TimelineOrder order(Configuration configuration) throws RequestException {
    Map<String, String> asked = new HashMap<>();
    asked.put("media", media);
    asked.put("timecode", timecode);
    asked.put("handles", handles);
    asked.put("rate", rate);
    asked.put("dropFrame", dropFrame);
    asked.put("begin", begin);
    try {
      TimelineOptions options = TimelineOptions.parse(asked::get, configuration.timeZone().id());
      List<TimelineFormat> formats =
          timeline == null
              ? List.of(TimelineFormat.values())
              : TimelineFormat.parse(String.join(",", timeline));
      return new TimelineOrder(formats, options, timeline != null, timeline != null || bundle);
    } catch (IllegalArgumentException e) {
      throw new RequestException(e.getMessage(), e);
    }
  }

  private void export(ObjectStore objects, RecordStore records, TimelineOrder order)
      throws Exception {
    RunResults results = new RunResults(records, stream, run != null ? run : newestRun(records));
    if (replay != null && results.replay(replay).isEmpty()) {
      throw new RequestException("There is no replay '" + replay + "'");
    }
    Path target = out.toAbsolutePath().normalize();
    Files.createDirectories(target);
    Path draft = Files.createTempDirectory(target, ".sightline-export");
    try {
      if (bundle) {
        Path zip = draft.resolve(BUNDLE);
        bundle(objects, records, results, order, zip);
        Files.move(
            zip,
            target.resolve(BUNDLE),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } else {
        new ResultFolder(objects, records, results, order)
            .write(Optional.ofNullable(replay), target, draft);
      }
    } finally {
      ResultFolder.deleteTree(draft);
    }
  }

  private void bundle(
      ObjectStore objects, RecordStore records, RunResults results, TimelineOrder order, Path zip)
      throws Exception {
    try (ResultBundle files = new ResultBundle(Files.newOutputStream(zip))) {
      ResultContents contents = new ResultContents(objects, records, results, files);
      Optional<Replay> found = replay == null ? Optional.empty() : results.replay(replay);
      contents.writeSegments();
      if (found.isPresent()) {
        contents.writeReplay(found.get());
      }
      contents.writeTimelines(found, order);
      files.finish();
    }
  }

  private String newestRun(RecordStore records) throws TimeoutException, RequestException {
    List<EpochInfo> epochs =
        await(Records.of(records, EpochInfo.class).all(StoreKeys.epochs(stream), null, null));
    return epochs.stream()
        .max(Comparator.comparing(EpochInfo::epoch))
        .map(EpochInfo::run)
        .orElseThrow(() -> new RequestException("Nothing is known of a stream '" + stream + "'"));
  }

  private Configuration configuration() throws ConfigurationException {
    Path file = config != null ? config : Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : null;
    return file == null
        ? Configuration.defaults()
        : new ConfigurationFile(file, System::getenv).read();
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
