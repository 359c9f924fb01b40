package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import java.util.List;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One object, for a look: fetched into a file that goes when it is closed. One thread. */
final class FetchedSource implements PacketSource {

  /** So many thousand objects are looked through. */
  private static final int MAX_PAGES = 20;

  private final MediaSource source;
  private final ObjectFolder folder;

  private FetchedSource(MediaSource source, ObjectFolder folder) {
    this.source = source;
    this.folder = folder;
  }

  /** Opens the object that came last. The queue is looked at, but nothing is taken from it. */
  static PacketSource newest(S3Address address, SourceOptions options)
      throws MediaException, InterruptedException {
    if (address.queue() != null) {
      try (MessageQueue queue = MessageQueue.open(address)) {
        queue.check();
      }
    }
    ObjectFolder folder = ObjectFolder.open(null);
    try (Bucket bucket = Bucket.open(address)) {
      S3Object newest = newest(address, bucket);
      FolderFile file =
          folder.file(newest.key(), newest.size(), newest.lastModified().toEpochMilli());
      bucket.fetch(file.name(), file.path(), () -> false, () -> {});
      return new FetchedSource(
          MediaSource.open(file.path().toString(), address.name(file.name()), options, () -> false),
          folder);
    } catch (MediaException | InterruptedException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static S3Object newest(S3Address address, Bucket bucket)
      throws MediaException, InterruptedException {
    S3Object newest = null;
    String token = null;
    for (int page = 0; page == 0 || token != null && page < MAX_PAGES; page++) {
      ListObjectsV2Response listed = bucket.list(null, token);
      for (S3Object object : listed.contents()) {
        if (S3Address.isVideo(object.key())
            && (newest == null || object.lastModified().isAfter(newest.lastModified()))) {
          newest = object;
        }
      }
      token = listed.nextContinuationToken();
    }
    if (newest == null) {
      throw new MediaException(
          Reason.NOT_FOUND, "There is no video under " + address + " yet that could be looked at");
    }
    return newest;
  }

  @Override
  public List<SourceTrack> tracks() {
    return source.tracks();
  }

  @Override
  public Packet next() throws MediaException {
    return source.next();
  }

  @Override
  public String container() {
    return "objects of S3, " + source.container();
  }

  @Override
  public long damaged() {
    return source.damaged();
  }

  @Override
  public void close() {
    source.close();
    folder.close();
  }
}
