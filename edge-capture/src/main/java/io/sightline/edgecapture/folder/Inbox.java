package io.sightline.edgecapture.folder;

import io.sightline.media.MediaException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A place that files come into, to be taken once each. Used by one thread. */
public interface Inbox extends AutoCloseable {

  /**
   * What is there.
   *
   * @param files in order of name, as many as are held at once
   * @param complete those of them that can be read
   * @param pause after which looking again is worth it
   */
  record Look(List<FolderFile> files, Set<FolderFile> complete, Duration pause) {}

  /** For people: "the folder /media/in". */
  String name();

  /** Of one file, for people. */
  String name(FolderFile file);

  /**
   * Blocks, but not for long.
   *
   * @param wanted whether a file has neither been taken nor put aside
   */
  Look look(Predicate<FolderFile> wanted) throws MediaException, InterruptedException;

  /** How long the file that follows may still be on its way when others are there. */
  Duration patience();

  /**
   * Makes a file readable at its path. Blocks.
   *
   * @throws MediaException NOT_FOUND, MALFORMED and UNSUPPORTED when it never will be, UNAUTHORIZED
   *     when it may be later, anything else when the place is in trouble
   */
  default void fetch(FolderFile file, BooleanSupplier stop)
      throws MediaException, InterruptedException {}

  /** Said each second of media, while a file is being read. */
  default void working() {}

  /** A file has been taken, or never will be, and that is remembered. */
  default void taken(FolderFile file) {}

  /**
   * @throws MediaException while the place itself is away
   */
  void requireThere() throws MediaException;

  @Override
  default void close() {}
}
