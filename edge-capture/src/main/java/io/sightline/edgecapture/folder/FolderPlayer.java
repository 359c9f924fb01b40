package io.sightline.edgecapture.folder;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.SourceOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Opens the files of a folder one after another, in order of name, once or again and again. What is
 * no video is passed over. The folder is looked at again whenever the files that were seen run out,
 * so it may grow, shrink and be very large. One thread.
 */
public final class FolderPlayer {

  private final MediaFolder folder;
  private final boolean loop;
  private final SourceOptions options;
  private final MediaCheck check;
  private final Consumer<String> skipped;
  private final Deque<FolderFile> ahead = new ArrayDeque<>();
  private String last;
  private boolean opened;

  /**
   * @param loop whether it begins again at its end
   * @param skipped told, with a sentence, of each file that is passed over
   */
  public FolderPlayer(
      MediaFolder folder,
      boolean loop,
      SourceOptions options,
      MediaCheck check,
      Consumer<String> skipped) {
    this.folder = folder;
    this.loop = loop;
    this.options = options;
    this.check = check;
    this.skipped = skipped;
  }

  /**
   * Opens the next file. Blocks.
   *
   * @param stop once it answers true, opening and reading end
   * @return null after the last
   * @throws MediaException NOT_FOUND while the folder is away, MALFORMED when there is nothing in
   *     it that can be played; the next call tries again
   */
  public MediaSource next(BooleanSupplier stop) throws MediaException {
    while (true) {
      if (ahead.isEmpty()) {
        ahead.addAll(folder.files(last, file -> true, MediaFolder.WINDOW));
      }
      FolderFile file = ahead.poll();
      if (file == null) {
        last = null;
        if (!opened) {
          throw new MediaException(
              Reason.MALFORMED, "There is no video in the folder " + folder.path());
        }
        opened = false;
        if (!loop) {
          return null;
        }
        continue;
      }
      MediaSource source = open(file, stop);
      last = file.name();
      if (source != null) {
        opened = true;
        return source;
      }
    }
  }

  /** Null when it is passed over. */
  private MediaSource open(FolderFile file, BooleanSupplier stop) throws MediaException {
    MediaSource source = null;
    try {
      source = MediaSource.open(file.path().toString(), options, stop);
      check.check(source);
      return source;
    } catch (MediaException e) {
      if (source != null) {
        source.close();
      }
      if (stop.getAsBoolean()) {
        throw e;
      }
      if (e.reason() == Reason.NOT_FOUND && !folder.isThere()) {
        // Not the file is missing, but all of them.
        ahead.clear();
        throw folder.missing(e);
      }
      skipped.accept(e.getMessage());
      return null;
    }
  }
}
