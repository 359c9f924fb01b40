package io.sightline.bus;

import java.util.Optional;

/**
 * Where the stage reader keeps checkpoints. Blocking; called on the reader's thread. Whoever
 * implements it keeps what it acknowledged through kill -9.
 */
public interface Checkpoints {

  /** The version of a checkpoint that is not there. */
  long ABSENT = 0;

  /** A checkpoint and its version, for a conditional {@link #save}. */
  record Stored(byte[] content, long version) {}

  Optional<Stored> load(String group, int partition);

  /**
   * Stores a checkpoint if the one there still has the given version.
   *
   * @param content of any size up to 64 MB
   * @return the new version
   * @throws BusException FENCED when the version is another: somebody else owns the partition
   * @throws TransientException when it may work later
   */
  long save(String group, int partition, byte[] content, long version);
}
