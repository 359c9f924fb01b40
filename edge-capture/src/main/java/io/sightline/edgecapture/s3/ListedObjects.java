package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.media.MediaException;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.function.Predicate;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Finds objects by listing the bucket: from the beginning at first and every ten minutes, in
 * between only what sorts behind all that was seen. One thread.
 */
final class ListedObjects implements Announcements {

  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration WHOLE_EVERY = Duration.ofMinutes(10);

  private final Bucket bucket;
  private final ObjectFolder folder;
  private final Duration every;
  private String lastKey;
  private boolean leftOut;
  private boolean listed;
  private long listedNanos;
  private long wholeNanos;

  ListedObjects(Bucket bucket, ObjectFolder folder) {
    this(bucket, folder, EVERY);
  }

  ListedObjects(Bucket bucket, ObjectFolder folder, Duration every) {
    this.bucket = bucket;
    this.folder = folder;
    this.every = every;
  }

  @Override
  public void collect(NavigableSet<FolderFile> hand, Predicate<FolderFile> wanted)
      throws MediaException, InterruptedException {
    long now = System.nanoTime();
    boolean more = leftOut && hand.isEmpty();
    if (listed && !more && now - listedNanos < every.toNanos()) {
      return;
    }
    boolean whole = lastKey == null || more || now - wholeNanos >= WHOLE_EVERY.toNanos();
    if (whole) {
      leftOut = false;
    }
    String token = null;
    do {
      ListObjectsV2Response page = bucket.list(whole ? null : lastKey, token);
      for (S3Object object : page.contents()) {
        add(object, hand, wanted);
        lastKey = object.key();
      }
      token = page.nextContinuationToken();
    } while (token != null);
    listed = true;
    listedNanos = now;
    wholeNanos = whole ? now : wholeNanos;
  }

  private void add(S3Object object, NavigableSet<FolderFile> hand, Predicate<FolderFile> wanted) {
    if (!S3Address.isVideo(object.key())) {
      return;
    }
    FolderFile file =
        folder.file(object.key(), object.size(), object.lastModified().toEpochMilli());
    if (!hand.contains(file) && wanted.test(file)) {
      hand.add(file);
      if (hand.size() > MAX_IN_HAND) {
        hand.pollLast();
        leftOut = true;
      }
    }
  }

  @Override
  public void working() {}

  @Override
  public void taken(FolderFile file) {}

  @Override
  public void close() {}
}
