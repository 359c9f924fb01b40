package io.sightline.edgecapture;

import io.sightline.edgecapture.CaptureException.Reason;
import io.sightline.edgecapture.folder.FileDigest;
import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.edgecapture.folder.MediaFolder;
import io.sightline.edgecapture.folder.TakenFiles;
import io.sightline.media.MediaException;
import io.sightline.records.CaptureState;
import io.sightline.records.InputSpec;
import io.sightline.records.StreamAssignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off the files of a folder, one after another in order of name, each as {@link FileRun} does
 * it; a stream of single files goes straight there. Each file begins where it says, but never
 * before the end of the one before. What has been worked off is remembered, so that after a kill
 * the one that was being read is read again, to the same items, and those before it are not. Runs
 * on a thread of its own.
 */
final class FolderRun {

  private static final Logger LOG = LoggerFactory.getLogger(FolderRun.class);

  /** What was begun is the first in order, or nearly; else it is gone. */
  private static final int BEGUN_AMONG = 16;

  private final String stream;
  private final InputPlan plan;
  private final Outbox outbox;
  private final StreamAssignment assignment;
  private final StreamMeter meter;
  private final CaptureClock clock;
  private final CaptureConfig config;
  private final Timing timing;
  private final Set<FolderFile> passedOver = new HashSet<>();
  private final Deque<FolderFile> ahead = new ArrayDeque<>();

  private volatile boolean stopping;
  private volatile FileRun running;
  private TakenFiles taken;
  private FileResult last;
  private long startMicros = -1;
  private long lostMicros;
  private int read;

  FolderRun(
      StreamAssignment assignment,
      InputPlan plan,
      Outbox outbox,
      CaptureClock clock,
      CaptureConfig config,
      Timing timing) {
    this.assignment = assignment;
    this.stream = assignment.stream().name();
    this.plan = plan;
    this.outbox = outbox;
    this.meter = outbox.meter();
    this.clock = clock;
    this.config = config;
    this.timing = timing;
  }

  /**
   * Blocks until the gateway has everything.
   *
   * @throws InterruptedException when stopped before
   */
  FileResult run() throws CaptureException, InterruptedException {
    if (plan.inputs().stream().noneMatch(input -> Files.isDirectory(input.url().file()))) {
      running = new FileRun(assignment, plan, outbox, clock, config, timing);
      if (stopping) {
        throw new InterruptedException();
      }
      return running.run();
    }
    if (plan.inputs().size() > 1) {
      throw failed(
          Reason.DECLARATION,
          MediaException.Reason.UNSUPPORTED,
          "A folder that is processed must be the only input of the stream '" + stream + "'",
          null);
    }
    Path path = plan.inputs().get(0).url().file();
    MediaFolder folder = new MediaFolder(path, this::skipped);
    taken =
        TakenFiles.open(
            TakenFiles.journal(
                config.spool() == null ? null : config.spool().folder(),
                stream,
                path.toString(),
                "f-" + assignment.profile().digest()));
    try {
      for (FolderFile file; (file = next(folder)) != null; ) {
        work(folder, file);
      }
      return result(path);
    } finally {
      taken.close();
    }
  }

  /** Makes {@link #run} return; called from another thread, which also interrupts this one. */
  void stop() {
    stopping = true;
    FileRun file = running;
    if (file != null) {
      file.stop();
    }
  }

  /** The next file to work off, once the folder can be read; null when there is none left. */
  private FolderFile next(MediaFolder folder) throws CaptureException, InterruptedException {
    Backoff backoff = new Backoff(timing.longestPause());
    String trouble = null;
    while (true) {
      if (stopping) {
        throw new InterruptedException();
      }
      try {
        if (ahead.isEmpty()) {
          ahead.addAll(
              folder.files(
                  null,
                  file -> !taken.knows(file) && !passedOver.contains(file),
                  MediaFolder.WINDOW));
          if (ahead.isEmpty()) {
            return null;
          }
          putBegunFirst();
        }
        FolderFile file = ahead.poll();
        if (isNew(folder, file)) {
          return file;
        }
      } catch (MediaException e) {
        if (read == 0 && folder.isThere()) {
          throw failed(Reason.SOURCE, e.reason(), e.getMessage(), e);
        }
        meter.trouble(CaptureState.RECONNECTING, e.getMessage(), e.reason());
        if (!e.getMessage().equals(trouble)) {
          LOG.warn("{}: {}", stream, e.getMessage());
          trouble = e.getMessage();
        }
        ahead.clear();
        clock.pause(backoff.next());
      }
    }
  }

  /** What was begun before goes first: its place on the axis is given away. */
  private void putBegunFirst() {
    String begun = taken.openDigest();
    if (begun == null) {
      return;
    }
    for (FolderFile file : List.copyOf(ahead).subList(0, Math.min(BEGUN_AMONG, ahead.size()))) {
      try {
        if (begun.equals(FileDigest.of(file.path()))) {
          ahead.remove(file);
          ahead.addFirst(file);
          return;
        }
      } catch (IOException e) {
        LOG.debug("{} is looked at later: {}", file.path(), e.getMessage());
      }
    }
  }

  /** Whether nothing of this content has been taken, under whatever name. */
  private boolean isNew(MediaFolder folder, FolderFile file) throws MediaException {
    try {
      String digest = FileDigest.of(file.path());
      if (!taken.knows(digest)) {
        return true;
      }
      taken.taken(file, digest, 0);
    } catch (IOException e) {
      folder.requireThere();
      passOver(file, "The file " + file.path() + " cannot be read: " + Sentences.of(e));
    }
    return false;
  }

  private void work(MediaFolder folder, FolderFile file)
      throws CaptureException, InterruptedException {
    if (taken.count() + passedOver.size() >= TakenFiles.MAX_FILES) {
      throw failed(
          Reason.SOURCE,
          MediaException.Reason.UNSUPPORTED,
          "There are more than "
              + TakenFiles.MAX_FILES
              + " files in the folder "
              + folder.path()
              + "; divide it into several",
          null);
    }
    InputPlan.Input input = plan.inputs().get(0);
    InputUrl url =
        new InputUrl(
            "file:" + file.path(), file.path().toString(), file.path(), false, false, false, null);
    InputPlan one =
        new InputPlan(
            List.of(
                new InputPlan.Input(
                    url, null, InputSpec.DEFAULT_EVERY, input.record(), input.analyze())),
            false);
    String[] digest = new String[1];
    running =
        new FileRun(
            assignment,
            one,
            outbox,
            clock,
            config,
            timing,
            identity -> {
              digest[0] = identity.digest();
              return place(identity);
            });
    if (stopping) {
      throw new InterruptedException();
    }
    try {
      last = running.read();
      startMicros = startMicros < 0 ? last.startMicros() : startMicros;
      lostMicros += last.lostMicros();
      meter.lost(lostMicros);
      read++;
      if (last.lostMicros() > 0) {
        skipped(last.reason());
      }
      LOG.info("{}: {} is done", stream, file.path());
      taken.taken(file, digest[0], last.endMicros());
    } catch (MediaException e) {
      if (!folder.isThere()) {
        // All of them are tried again once the folder is back.
        ahead.clear();
        return;
      }
      passOver(file, e.getMessage());
    }
  }

  /** A place that was given before is kept, so that what was sent before is known again. */
  private FileIdentity place(FileIdentity identity) {
    Long before = taken.at(identity.digest());
    long start = before != null ? before : Math.max(identity.startMicros(), taken.reachedMicros());
    if (before == null) {
      taken.working(identity.digest(), start);
    }
    return identity.at(start);
  }

  private FileResult result(Path folder) throws CaptureException {
    String passed = passedOver.isEmpty() ? "" : "; " + passedOver.size() + " could not be read";
    if (taken.count() == 0) {
      throw failed(
          Reason.SOURCE,
          MediaException.Reason.MALFORMED,
          "There is no video in the folder " + folder + passed,
          null);
    }
    String reason =
        read == 0
            ? "all files of the folder were taken before" + passed
            : read
                + (read == 1 ? " file of the folder has" : " files of the folder have")
                + " been read"
                + passed;
    meter.state(CaptureState.ENDED, reason);
    return new FileResult(
        stream,
        last == null ? "f-" + assignment.profile().digest() : last.run(),
        last == null ? null : last.epoch(),
        Math.max(0, startMicros),
        taken.reachedMicros(),
        lostMicros,
        reason);
  }

  private void passOver(FolderFile file, String why) {
    passedOver.add(file);
    skipped(why);
  }

  private void skipped(String sentence) {
    meter.skipped(Sentences.clean(sentence));
    LOG.warn("{}: {}", stream, Sentences.clean(sentence));
  }

  private CaptureException failed(
      Reason reason, MediaException.Reason trouble, String sentence, Throwable cause) {
    meter.trouble(CaptureState.FAILED, sentence, trouble);
    return new CaptureException(reason, sentence, cause);
  }
}
