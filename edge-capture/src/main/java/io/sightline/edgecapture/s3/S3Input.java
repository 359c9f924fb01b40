package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.InputOpener;
import io.sightline.edgecapture.SourceRequest;
import io.sightline.edgecapture.folder.InboxWatch;
import io.sightline.edgecapture.folder.TakenFiles;
import io.sightline.media.MediaException;
import io.sightline.media.source.PacketSource;
import io.sightline.records.Ids;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Takes the objects that come into a bucket. One thread. */
final class S3Input implements InputOpener {

  private final S3Address address;
  private final SourceRequest request;
  private InboxWatch watch;

  S3Input(S3Address address, SourceRequest request) {
    this.address = address;
    this.request = request;
  }

  @Override
  public PacketSource open(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    if (watch == null) {
      watch =
          new InboxWatch(
              inbox(),
              TakenFiles.open(
                  TakenFiles.journal(request.home(), request.stream(), address.toString(), "live")),
              request.options(),
              request.check(),
              request.skipped(),
              request.clock()::nowMicros);
    }
    return watch.next(stop, waiting);
  }

  private S3Inbox inbox() throws MediaException {
    Bucket bucket = Bucket.open(address);
    try {
      Path home = request.home();
      ObjectFolder folder =
          ObjectFolder.open(
              home == null
                  ? null
                  : home.resolve(".objects")
                      .resolve(request.stream() + "-" + Ids.digest(address.toString())));
      Announcements announcements =
          address.queue() == null
              ? new ListedObjects(bucket, folder)
              : QueuedObjects.open(address, folder, request.skipped());
      return new S3Inbox(address, bucket, folder, announcements);
    } catch (MediaException e) {
      bucket.close();
      throw e;
    }
  }

  @Override
  public boolean goesOn() {
    return true;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
