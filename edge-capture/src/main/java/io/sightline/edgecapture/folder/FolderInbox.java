package io.sightline.edgecapture.folder;

import io.sightline.media.MediaException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A folder that another program writes into. A file is complete when nothing of it has changed for
 * two seconds, or it has not changed from one look to the next and a later one, by name and by
 * time, is there. The folder is looked at four times a second, less often when looking takes long:
 * folders on other machines tell nobody of their changes. One thread.
 */
public final class FolderInbox implements Inbox {

  /** So long must a file stay as it is. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration LOOK_AT_LEAST_EVERY = Duration.ofSeconds(5);

  /** Looking costs at most so much of the time. */
  private static final int LOOK_SHARE = 10;

  private record Seen(FolderFile file, long sinceNanos) {}

  private final MediaFolder folder;
  private Map<String, Seen> seen = new HashMap<>();

  public FolderInbox(MediaFolder folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return folder.path().toString();
  }

  @Override
  public String name(FolderFile file) {
    return file.path().toString();
  }

  @Override
  public Look look(Predicate<FolderFile> wanted) throws MediaException {
    long now = System.nanoTime();
    List<FolderFile> files = folder.files(null, wanted, MediaFolder.WINDOW);
    Set<FolderFile> complete = new HashSet<>();
    Map<String, Seen> fresh = new HashMap<>();
    long newestLater = Long.MIN_VALUE;
    for (int i = files.size() - 1; i >= 0; i--) {
      FolderFile file = files.get(i);
      Seen last = seen.get(file.name());
      boolean unchanged = last != null && last.file.equals(file);
      fresh.put(file.name(), unchanged ? last : new Seen(file, now));
      boolean settled = unchanged && now - last.sinceNanos >= SETTLED.toNanos();
      if (settled || unchanged && newestLater >= file.modifiedMillis()) {
        complete.add(file);
      }
      newestLater = Math.max(newestLater, file.modifiedMillis());
    }
    seen = fresh;
    long pause = Math.max(LOOK_EVERY.toNanos(), LOOK_SHARE * (System.nanoTime() - now));
    return new Look(
        files, complete, Duration.ofNanos(Math.min(LOOK_AT_LEAST_EVERY.toNanos(), pause)));
  }

  @Override
  public Duration patience() {
    return SETTLED;
  }

  @Override
  public void requireThere() throws MediaException {
    folder.requireThere();
  }
}
