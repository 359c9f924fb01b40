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
 * Takes the files of a folder once each, those that are there and those that come, for ever.
 *
 * <p>A file is taken when it is complete: nothing of it has changed for two seconds, or it has not
 * changed from one look to the next and a later one, by name and by time, is there. Names give the
 * order; a transport stream that follows on the last by its times comes before them. The folder is
 * looked at four times a second, less often when looking takes long: folders on other machines tell
 * nobody of their changes. One thread.
 */
public final class FolderWatch implements AutoCloseable {

  /** So long must a file stay as it is. */
  static final Duration SETTLED = Duration.ofSeconds(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration LOOK_AT_LEAST_EVERY = Duration.ofSeconds(5);

  /** Looking costs at most so much of the time. */
  private static final int LOOK_SHARE = 10;

  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE >> 32);

  /** Among so many complete files the one that follows is searched. */
  private static final int SEARCHED = 16;

  /** What cannot be read now is tried again. */
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(60);

  private static final Set<Reason> PASSING =
      Set.of(Reason.UNAUTHORIZED, Reason.UNAVAILABLE, Reason.NOT_FOUND, Reason.TIMEOUT);

  private record Seen(FolderFile file, long sinceNanos) {}

  private final MediaFolder folder;
  private final TakenFiles taken;
  private final SourceOptions options;
  private final MediaCheck check;
  private final Consumer<String> skipped;
  private final LongSupplier clock;
  private final Map<String, Seen> seen = new HashMap<>();
  private final Map<FolderFile, Long> unreadable = new HashMap<>();
  private final Set<FolderFile> complete = new HashSet<>();
  private List<FolderFile> window = List.of();
  private Segment kept;

  /**
   * @param taken becomes this one's
   * @param skipped told, with a sentence, of each file that is passed over or breaks off
   * @param clock microseconds since 1970
   */
  public FolderWatch(
      MediaFolder folder,
      TakenFiles taken,
      SourceOptions options,
      MediaCheck check,
      Consumer<String> skipped,
      LongSupplier clock) {
    this.folder = folder;
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
      look();
      Segment next = follows == null ? null : following(follows, others, stop);
      // The one that follows may still be on its way.
      if (follows == null || othersSince != 0 && look - othersSince >= SETTLED.toNanos()) {
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
      if (!said && window.isEmpty() && now - start >= quiet.toNanos()) {
        said = true;
        waiting.accept("Waiting for files in " + folder.path());
      }
      long pause = Math.max(LOOK_EVERY.toNanos(), LOOK_SHARE * (now - look));
      Thread.sleep(Math.min(LOOK_AT_LEAST_EVERY.toNanos(), pause) / 1_000_000);
    }
    throw new InterruptedException();
  }

  /** For the next run, which it begins. */
  void keep(Segment segment) {
    kept = segment;
  }

  void working(Segment segment, long upTo) {
    taken.working(segment.digest(), upTo);
  }

  void taken(Segment segment) {
    taken.taken(segment.file(), segment.digest(), 0);
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
  }

  /** Finds out what is there that has not been taken, and what of it is complete. */
  private void look() throws MediaException {
    long now = System.nanoTime();
    unreadable.values().removeIf(since -> now - since >= AGAIN_AFTER.toNanos());
    window =
        folder.files(
            null, file -> !taken.knows(file) && !unreadable.containsKey(file), MediaFolder.WINDOW);
    Map<String, Seen> before = new HashMap<>(seen);
    seen.clear();
    complete.clear();
    long newestLater = Long.MIN_VALUE;
    for (int i = window.size() - 1; i >= 0; i--) {
      FolderFile file = window.get(i);
      Seen last = before.get(file.name());
      boolean unchanged = last != null && last.file.equals(file);
      seen.put(file.name(), unchanged ? last : new Seen(file, now));
      boolean settled = unchanged && now - last.sinceNanos >= SETTLED.toNanos();
      if (settled || unchanged && newestLater >= file.modifiedMillis()) {
        complete.add(file);
      }
      newestLater = Math.max(newestLater, file.modifiedMillis());
    }
  }

  private Segment following(
      Predicate<Segment> follows, Set<FolderFile> others, BooleanSupplier stop)
      throws MediaException {
    for (FolderFile file : window.stream().filter(complete::contains).limit(SEARCHED).toList()) {
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
  private Segment firstInOrder(BooleanSupplier stop) throws MediaException {
    for (FolderFile file : window) {
      Segment segment = complete.contains(file) ? open(file, stop) : null;
      if (segment != null || !complete.contains(file)) {
        return segment;
      }
    }
    return null;
  }

  /** Null when it is passed over, or known under another name. */
  private Segment open(FolderFile file, BooleanSupplier stop) throws MediaException {
    MediaSource source = null;
    String digest = "";
    Long after = null;
    try {
      digest = FileDigest.of(file.path());
      if (taken.knows(digest)) {
        taken.taken(file, digest, 0);
        return null;
      }
      if (taken.hasGrown(file)) {
        skipped.accept(file.path() + " has grown since it was taken; what was added is not read");
        taken.taken(file, digest, 0);
        return null;
      }
      after = taken.at(digest);
      source = MediaSource.open(file.path().toString(), options, stop);
      check.check(source);
      return new Segment(file, digest, source, after);
    } catch (IOException e) {
      passOver(file, unreadable(file, e), stop);
    } catch (MediaException e) {
      if (source != null) {
        source.close();
      }
      if (after != null && e.reason() == Reason.INCOMPLETE) {
        // It had been read almost to its end.
        taken.taken(file, digest, 0);
      } else {
        passOver(file, e, stop);
      }
    }
    return null;
  }

  private static MediaException unreadable(FolderFile file, IOException e) {
    boolean denied = e instanceof AccessDeniedException;
    boolean gone = e instanceof NoSuchFileException;
    return new MediaException(
        denied ? Reason.UNAUTHORIZED : gone ? Reason.NOT_FOUND : Reason.UNAVAILABLE,
        "The file "
            + file.path()
            + (denied ? " may not be read" : gone ? " has gone" : " cannot be read: " + e),
        e);
  }

  private void passOver(FolderFile file, MediaException why, BooleanSupplier stop)
      throws MediaException {
    if (stop.getAsBoolean()) {
      throw why;
    }
    if (why.reason() == Reason.NOT_FOUND && !folder.isThere()) {
      throw folder.missing(why);
    }
    if (PASSING.contains(why.reason())) {
      unreadable.put(file, System.nanoTime());
    } else {
      // Once it changes, it is another file and tried again.
      taken.taken(file, "", 0);
    }
    skipped.accept(why.getMessage());
  }
}
