package io.sightline.bus;

/**
 * A stage as the {@link StageReader} drives it: it gets a partition with the state of its last
 * checkpoint, and gives the partition back with its state. All calls come on the reader's thread
 * and may block.
 */
public interface Stage {

  /**
   * Begins work on a partition, before the first record of it is delivered.
   *
   * @param partition the same number on every topic that the stage reads
   * @param state what {@link StagePartition#state()} gave at the checkpoint from which reading goes
   *     on; empty when there is none
   */
  StagePartition open(int partition, byte[] state) throws Exception;
}
