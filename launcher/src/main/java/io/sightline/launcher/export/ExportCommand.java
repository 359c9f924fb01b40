package io.sightline.launcher.export;

import io.sightline.launcher.ExitCode;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.ConfigurationException;
import io.sightline.launcher.config.ConfigurationFile;
import io.sightline.launcher.installation.Folders;
import io.sightline.records.EpochInfo;
import io.sightline.records.StoreKeys;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
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
      description = "A replay to write as HLS and MP4 beside them.")
  private String replay;

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
    Folders folders = new Folders(data != null ? data : configuration().data());
    if (!Files.exists(folders.records())) {
      throw new RequestException("There are no records in " + folders.data());
    }
    Vertx vertx = Vertx.vertx();
    try {
      ObjectStore objects = await(DiskObjectStore.open(vertx, folders.objects()));
      RecordStore records = await(SqliteRecordStore.open(vertx, folders.records()));
      try {
        export(objects, records);
      } finally {
        await(records.close().eventually(objects::close));
      }
    } finally {
      await(vertx.close());
    }
    return ExitCode.DONE;
  }

  private void export(ObjectStore objects, RecordStore records) throws Exception {
    RunResults results = new RunResults(records, stream, run != null ? run : newestRun(records));
    Path target = out.toAbsolutePath().normalize();
    Files.createDirectories(target);
    Path draft = Files.createTempDirectory(target, ".sightline-export");
    try {
      new ResultFolder(objects, results).write(Optional.ofNullable(replay), target, draft);
    } finally {
      ResultFolder.deleteTree(draft);
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
