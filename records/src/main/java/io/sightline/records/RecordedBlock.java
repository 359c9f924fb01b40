package io.sightline.records;

/**
 * Neighbouring chunks of one epoch, in the order of their arrival and without a gap between them:
 * the unit in which the {@link RecordingLedger} counts and expires.
 *
 * @param firstSequence of its first chunk
 * @param lastSequence of its last chunk
 * @param startMicros position of its first chunk
 * @param lastMicros position of its last chunk
 * @param endMicros position after its last chunk
 * @param firstArrivalMicros when its first chunk arrived, by the gateway's clock
 * @param lastArrivalMicros when its last chunk arrived
 * @param chunks 0 of an epoch that ended without any behind its last block
 * @param last whether nothing of its epoch can follow it
 */
public record RecordedBlock(
    String run,
    String epoch,
    long firstSequence,
    long lastSequence,
    long startMicros,
    long lastMicros,
    long endMicros,
    long firstArrivalMicros,
    long lastArrivalMicros,
    int chunks,
    long bytes,
    boolean last) {

  public RecordedBlock {
    Ids.requireName("run", run);
    Ids.requireName("epoch", epoch);
  }

  /** The block of one chunk. */
  public static RecordedBlock of(ChunkInfo chunk, long arrivalMicros) {
    return new RecordedBlock(
        chunk.run(),
        chunk.epoch(),
        chunk.sequence(),
        chunk.sequence(),
        chunk.positionMicros(),
        chunk.positionMicros(),
        chunk.endMicros(),
        arrivalMicros,
        arrivalMicros,
        1,
        chunk.sizeBytes(),
        false);
  }

  /** The same with the chunk that follows. */
  public RecordedBlock with(ChunkInfo chunk, long arrivalMicros) {
    return new RecordedBlock(
        run,
        epoch,
        firstSequence,
        chunk.sequence(),
        startMicros,
        chunk.positionMicros(),
        Math.max(endMicros, chunk.endMicros()),
        firstArrivalMicros,
        Math.max(lastArrivalMicros, arrivalMicros),
        chunks + 1,
        bytes + chunk.sizeBytes(),
        false);
  }

  /** The same as the last of its epoch. */
  public RecordedBlock asLast() {
    return new RecordedBlock(
        run,
        epoch,
        firstSequence,
        lastSequence,
        startMicros,
        lastMicros,
        endMicros,
        firstArrivalMicros,
        lastArrivalMicros,
        chunks,
        bytes,
        true);
  }

  /** Whether a chunk is one of its; to the last block belongs all that was recorded behind it. */
  public boolean holds(ChunkInfo chunk) {
    return chunk.run().equals(run)
        && chunk.epoch().equals(epoch)
        && chunk.sequence() >= firstSequence
        && (last || chunk.sequence() <= lastSequence);
  }

  public boolean isSame(RecordedBlock other) {
    return epoch.equals(other.epoch) && firstSequence == other.firstSequence;
  }

  /** Sorts blocks by their arrival. */
  public String sortByArrival() {
    return Ids.fixedWidth(firstArrivalMicros) + "." + sortByEpoch();
  }

  /** Sorts blocks by epoch. */
  public String sortByEpoch() {
    return epoch + "." + Ids.fixedWidth(firstSequence);
  }
}
