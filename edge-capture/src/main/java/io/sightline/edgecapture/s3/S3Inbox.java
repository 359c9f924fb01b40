package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.edgecapture.folder.Inbox;
import io.sightline.edgecapture.folder.MediaFolder;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A bucket that another program writes into. What is there is complete. One thread. */
final class S3Inbox implements Inbox {

  /** Announcements overtake each other, mostly by a second or two. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /** So much is fetched ahead at most, while the object that follows is searched. */
  private static final long AHEAD_BYTES = 2_000_000_000;

  private static final Comparator<FolderFile> ORDER =
      MediaFolder.ORDER
          .thenComparing(FolderFile::name)
          .thenComparingLong(FolderFile::modifiedMillis)
          .thenComparingLong(FolderFile::sizeBytes);

  private final S3Address address;
  private final Bucket bucket;
  private final ObjectFolder folder;
  private final Announcements announcements;
  private final Duration patience;
  private final NavigableSet<FolderFile> hand = new TreeSet<>(ORDER);
  private boolean looked;
  private MediaException denied;

  /**
   * @param bucket becomes this one's, and so do those behind it
   */
  S3Inbox(S3Address address, Bucket bucket, ObjectFolder folder, Announcements announcements) {
    this(address, bucket, folder, announcements, PATIENCE);
  }

  S3Inbox(
      S3Address address,
      Bucket bucket,
      ObjectFolder folder,
      Announcements announcements,
      Duration patience) {
    this.address = address;
    this.bucket = bucket;
    this.folder = folder;
    this.announcements = announcements;
    this.patience = patience;
  }

  @Override
  public String name() {
    return address.toString();
  }

  @Override
  public String name(FolderFile file) {
    return address.name(file.name());
  }

  @Override
  public Look look(Predicate<FolderFile> wanted) throws MediaException, InterruptedException {
    if (!looked) {
      looked = true;
      for (FolderFile file : folder.noted()) {
        if (address.holds(address.bucket(), file.name()) && wanted.test(file)) {
          hand.add(file);
        } else {
          folder.forget(file);
        }
      }
    }
    announcements.collect(hand, wanted);
    announcements.working();
    List<FolderFile> files = hand.stream().filter(wanted).toList();
    if (files.isEmpty() && !hand.isEmpty() && denied != null) {
      // Not one object is forbidden, but all that there are.
      throw denied;
    }
    Set<FolderFile> complete = new HashSet<>();
    long bytes = 0;
    for (FolderFile file : files) {
      bytes += file.sizeBytes();
      if (bytes > AHEAD_BYTES && !complete.isEmpty()) {
        break;
      }
      complete.add(file);
    }
    return new Look(files, complete, LOOK_EVERY);
  }

  @Override
  public Duration patience() {
    return patience;
  }

  @Override
  public void fetch(FolderFile file, BooleanSupplier stop)
      throws MediaException, InterruptedException {
    if (Files.exists(file.path())) {
      return;
    }
    try {
      bucket.fetch(file.name(), file.path(), stop, announcements::working);
      denied = null;
    } catch (MediaException e) {
      denied = e.reason() == Reason.UNAUTHORIZED ? e : denied;
      throw e;
    }
  }

  @Override
  public void working() {
    announcements.working();
  }

  @Override
  public void taken(FolderFile file) {
    hand.remove(file);
    folder.forget(file);
    announcements.taken(file);
  }

  @Override
  public void requireThere() {}

  @Override
  public void close() {
    announcements.close();
    bucket.close();
    folder.close();
  }
}
