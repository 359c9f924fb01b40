package io.sightline.edgecapture;

import io.sightline.edgecapture.folder.FolderPlayer;
import io.sightline.edgecapture.folder.FolderWatch;
import io.sightline.edgecapture.folder.MediaCheck;
import io.sightline.edgecapture.folder.MediaFolder;
import io.sightline.edgecapture.folder.TakenFiles;
import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.records.Ids;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a file that is played, the files of a folder that is played, or those of one that is
 * watched. What has once been a folder stays one, also while it is away.
 */
final class FileOpener implements InputOpener {

  private static final Logger LOG = LoggerFactory.getLogger(FileOpener.class);

  private final String stream;
  private final InputPlan.Input input;
  private final CaptureConfig config;
  private final CaptureClock clock;
  private final StreamMeter meter;
  private final Supplier<Boolean> needsPictures;
  private final SourceOptions options;
  private FolderPlayer player;
  private FolderWatch watch;

  /**
   * @param needsPictures whether something looks at them now
   */
  FileOpener(
      String stream,
      InputPlan.Input input,
      CaptureConfig config,
      CaptureClock clock,
      StreamMeter meter,
      Supplier<Boolean> needsPictures) {
    this.stream = stream;
    this.input = input;
    this.config = config;
    this.clock = clock;
    this.meter = meter;
    this.needsPictures = needsPictures;
    this.options = SourceOptions.DEFAULTS.withTimeouts(config.openTimeout(), config.readTimeout());
  }

  @Override
  public PacketSource open(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    Path file = input.url().file();
    if (input.url().watch()) {
      if (watch == null) {
        watch =
            new FolderWatch(
                new MediaFolder(file, this::skipped),
                TakenFiles.open(journal(config, stream, file, "live")),
                options,
                check(),
                this::skipped,
                clock::nowMicros);
      }
      return watch.next(stop, waiting);
    }
    if (player == null && Files.isDirectory(file)) {
      player =
          new FolderPlayer(
              new MediaFolder(file, this::skipped),
              input.url().loop(),
              options,
              check(),
              this::skipped);
    }
    return player == null ? MediaSource.open(input.url().url(), options, stop) : player.next(stop);
  }

  @Override
  public boolean goesOn() {
    return player != null || watch != null;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }

  /**
   * Where it is kept which files of a folder a run has taken; null when nothing is kept on disk.
   */
  static Path journal(CaptureConfig config, String stream, Path folder, String run) {
    return config.spool() == null
        ? null
        : config
            .spool()
            .folder()
            .resolve(".taken")
            .resolve(stream + "-" + Ids.digest(folder + "\n" + run) + ".jsonl");
  }

  private MediaCheck check() {
    return source ->
        TrackChoice.of(source.tracks(), input.record(), input.analyze())
            .require(input.analyze() && needsPictures.get(), input.url().safeUrl());
  }

  private void skipped(String sentence) {
    meter.skipped(Sentences.clean(sentence));
    LOG.warn("{}: {}", stream, Sentences.clean(sentence));
  }
}
