package io.sightline.edgecapture;

import io.sightline.edgecapture.folder.FolderInbox;
import io.sightline.edgecapture.folder.FolderPlayer;
import io.sightline.edgecapture.folder.InboxWatch;
import io.sightline.edgecapture.folder.MediaFolder;
import io.sightline.edgecapture.folder.TakenFiles;
import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.PacketSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Opens a file that is played, the files of a folder that is played, or those of one that is
 * watched. What has once been a folder stays one, also while it is away.
 */
final class FileOpener implements InputOpener {

  private final InputUrl url;
  private final SourceRequest request;
  private FolderPlayer player;
  private InboxWatch watch;

  FileOpener(InputUrl url, SourceRequest request) {
    this.url = url;
    this.request = request;
  }

  @Override
  public PacketSource open(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    Path file = url.file();
    if (url.watch()) {
      if (watch == null) {
        watch =
            new InboxWatch(
                new FolderInbox(new MediaFolder(file, request.skipped())),
                TakenFiles.open(
                    TakenFiles.journal(request.home(), request.stream(), file.toString(), "live")),
                request.options(),
                request.check(),
                request.skipped(),
                request.clock()::nowMicros);
      }
      return watch.next(stop, waiting);
    }
    if (player == null && Files.isDirectory(file)) {
      player =
          new FolderPlayer(
              new MediaFolder(file, request.skipped()),
              url.loop(),
              request.options(),
              request.check(),
              request.skipped());
    }
    return player == null
        ? MediaSource.open(url.url(), request.options(), stop)
        : player.next(stop);
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
}
