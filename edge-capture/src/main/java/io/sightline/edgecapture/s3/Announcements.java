package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.media.MediaException;
import java.util.NavigableSet;
import java.util.function.Predicate;

/** How it becomes known which objects are there. Used by one thread. */
interface Announcements extends AutoCloseable {

  /** So many objects are in hand at once. */
  int MAX_IN_HAND = 500;

  /**
   * Adds what has come. Blocks, but not for long.
   *
   * @param hand objects that are known and not yet taken
   * @param wanted whether an object has neither been taken nor put aside
   */
  void collect(NavigableSet<FolderFile> hand, Predicate<FolderFile> wanted)
      throws MediaException, InterruptedException;

  /** Said often while objects of the hand are worked on. */
  void working();

  /** An object has been taken, or never will be, and that is remembered. */
  void taken(FolderFile file);

  @Override
  void close();
}
