package io.sightline.edgecapture.folder;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Takes the files of an inbox once each, those that are there and those that come, for ever. Names
 * give the order; a transport stream that follows on the last by its times comes before them. One
 * thread.
 */
public final class InboxWatch implements AutoCloseable {

  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE >> 32);

  /** Among so many complete files the one that follows is searched. */
  private static final int SEARCHED = 16;

  /** What cannot be read now is tried again. */
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(60);

  private static final Set<Reason> PASSING =
      Set.of(Reason.UNAUTHORIZED, Reason.UNAVAILABLE, Reason.NOT_FOUND, Reason.TIMEOUT);

  private final Inbox inbox;
  private final TakenFiles taken;
  private final SourceOptions options;
  private final MediaCheck check;
  private final Consumer<String> skipped;
  private final LongSupplier clock;
  private final Map<FolderFile, Long> unreadable = new HashMap<>();
  private Inbox.Look seen = new Inbox.Look(List.of(), Set.of(), Duration.ZERO);
  private Segment kept;

  /**
   * @param inbox becomes this one's
   * @param taken becomes this one's
   * @param skipped told, with a sentence, of each file that is passed over or breaks off
   * @param clock microseconds since 1970
   */
  public InboxWatch(
      Inbox inbox,
      TakenFiles taken,
      SourceOptions options,
      MediaCheck check,
      Consumer<String> skipped,
      LongSupplier clock) {
    this.inbox = inbox;
    this.taken = taken;
    this.options = options;
    this.check = check;
    this.skipped = skipped;
    this.clock = clock;
  }

  /**
   * Waits for a file, and opens it with those that will follow on it. Blocks.
   *
   * @param stop once it answers true, opening and reading end
   * @param waiting told, with a sentence, when there is nothing to read
   */
  public PacketSource next(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    Segment first = kept;
    kept = null;
    if (first == null) {
      first = await(null, Duration.ZERO, FOR_EVER, stop, waiting);
    }
    return new WatchedRun(this, first, stop, waiting);
  }

  /**
   * @param follows which is taken before all others; null when none is
   * @param quiet after which it is said that nothing comes
   * @param limit after which null is returned
   */
  Segment await(
      Predicate<Segment> follows,
      Duration quiet,
      Duration limit,
      BooleanSupplier stop,
      Consumer<String> waiting)
      throws MediaException, InterruptedException {
    Set<FolderFile> others = new HashSet<>();
    long start = System.nanoTime();
    long othersSince = 0;
    boolean said = false;
    while (!stop.getAsBoolean()) {
      long look = System.nanoTime();
      unreadable.values().removeIf(since -> look - since >= AGAIN_AFTER.toNanos());
      seen = inbox.look(file -> !taken.knows(file) && !unreadable.containsKey(file));
      Segment next = follows == null ? null : following(follows, others, stop);
      // The one that follows may still be on its way.
      if (follows == null || othersSince != 0 && look - othersSince >= inbox.patience().toNanos()) {
        next = next == null ? firstInOrder(stop) : next;
      }
      if (next != null) {
        return next;
      }
      long now = System.nanoTime();
      othersSince = others.isEmpty() || othersSince != 0 ? othersSince : now;
      if (now - start >= limit.toNanos()) {
        return null;
      }
      if (!said && seen.files().isEmpty() && now - start >= quiet.toNanos()) {
        said = true;
        waiting.accept("Waiting for files in " + inbox.name());
      }
      Thread.sleep(seen.pause().toMillis());
    }
    throw new InterruptedException();
  }

  /** For the next run, which it begins. */
  void keep(Segment segment) {
    kept = segment;
  }

  void working(Segment segment, long upTo) {
    taken.working(segment.digest(), upTo);
    inbox.working();
  }

  void taken(Segment segment) {
    taken(segment.file(), segment.digest());
  }

  void brokeOff(MediaException trouble) {
    skipped.accept(trouble.getMessage());
  }

  long capturedMicros(Segment segment, long ticks) {
    return segment.capturedMicros(ticks, clock.getAsLong());
  }

  @Override
  public void close() {
    if (kept != null) {
      kept.close();
      kept = null;
    }
    taken.close();
    inbox.close();
  }

  private Segment following(
      Predicate<Segment> follows, Set<FolderFile> others, BooleanSupplier stop)
      throws MediaException, InterruptedException {
    List<FolderFile> searched =
        seen.files().stream().filter(seen.complete()::contains).limit(SEARCHED).toList();
    for (FolderFile file : searched) {
      Segment segment = others.contains(file) ? null : open(file, stop);
      if (segment != null && follows.test(segment)) {
        return segment;
      }
      if (segment != null) {
        segment.close();
        others.add(file);
      }
    }
    return null;
  }

  /** One that is still being written comes before those behind it. */
  private Segment firstInOrder(BooleanSupplier stop) throws MediaException, InterruptedException {
    for (FolderFile file : seen.files()) {
      boolean complete = seen.complete().contains(file);
      Segment segment = complete ? open(file, stop) : null;
      if (segment != null || !complete) {
        return segment;
      }
    }
    return null;
  }

  /** Null when it is passed over, or known under another name. */
  private Segment open(FolderFile file, BooleanSupplier stop)
      throws MediaException, InterruptedException {
    if (!fetched(file, stop)) {
      return null;
    }
    MediaSource source = null;
    String digest = "";
    Long after = null;
    try {
      digest = FileDigest.of(file.path());
      if (taken.knows(digest)) {
        taken(file, digest);
        return null;
      }
      if (taken.hasGrown(file)) {
        skipped.accept(
            inbox.name(file) + " has grown since it was taken; what was added is not read");
        taken(file, digest);
        return null;
      }
      after = taken.at(digest);
      source = MediaSource.open(file.path().toString(), inbox.name(file), options, stop);
      check.check(source);
      return new Segment(file, inbox.name(file), digest, source, after);
    } catch (IOException e) {
      passOver(file, unreadable(file, e), stop);
    } catch (MediaException e) {
      if (source != null) {
        source.close();
      }
      if (after != null && e.reason() == Reason.INCOMPLETE) {
        // It had been read almost to its end.
        taken(file, digest);
      } else {
        passOver(file, e, stop);
      }
    }
    return null;
  }

  /** False when it is passed over. */
  private boolean fetched(FolderFile file, BooleanSupplier stop)
      throws MediaException, InterruptedException {
    try {
      inbox.fetch(file, stop);
      return true;
    } catch (MediaException e) {
      switch (e.reason()) {
        case NOT_FOUND, MALFORMED, UNSUPPORTED -> taken(file, "");
        case UNAUTHORIZED -> unreadable.put(file, System.nanoTime());
        default -> throw e;
      }
      skipped.accept(e.getMessage());
      return false;
    }
  }

  private void taken(FolderFile file, String digest) {
    taken.taken(file, digest, 0);
    inbox.taken(file);
  }

  private MediaException unreadable(FolderFile file, IOException e) {
    boolean denied = e instanceof AccessDeniedException;
    boolean gone = e instanceof NoSuchFileException;
    return new MediaException(
        denied ? Reason.UNAUTHORIZED : gone ? Reason.NOT_FOUND : Reason.UNAVAILABLE,
        "The file "
            + inbox.name(file)
            + (denied ? " may not be read" : gone ? " has gone" : " cannot be read: " + e),
        e);
  }

  private void passOver(FolderFile file, MediaException why, BooleanSupplier stop)
      throws MediaException {
    if (stop.getAsBoolean()) {
      throw why;
    }
    if (why.reason() == Reason.NOT_FOUND) {
      inbox.requireThere();
    }
    if (PASSING.contains(why.reason())) {
      unreadable.put(file, System.nanoTime());
    } else {
      // Once it changes, it is another file and tried again.
      taken(file, "");
    }
    skipped.accept(why.getMessage());
  }
}
