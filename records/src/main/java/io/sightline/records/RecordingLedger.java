package io.sightline.records;

import java.util.List;

/**
 * What is recorded of a stream, in sum: one item that is replaced as a whole by a conditional
 * write, so that its numbers always belong together. The blocks that are complete lie beside it,
 * under {@link StoreKeys#recordings}.
 *
 * @param chunks that are kept by the rule; those that are about to be deleted are not among them
 * @param bytes of these chunks
 * @param pinnedChunks that the rule would have deleted, but a clip refers to them
 * @param pinnedBytes of these chunks
 * @param keep the rule that was last in force; it goes on when the stream is removed
 * @param places how far each run was counted and expired, longest silent first
 * @param open blocks that may grow, at most one of a run
 * @param expiring blocks that are not offered any more, and are about to be deleted
 */
public record RecordingLedger(
    String stream,
    long chunks,
    long bytes,
    long pinnedChunks,
    long pinnedBytes,
    Keep keep,
    List<Place> places,
    List<RecordedBlock> open,
    List<Expiring> expiring) {

  public RecordingLedger {
    Ids.requireName("stream", stream);
    places = places == null ? List.of() : List.copyOf(places);
    open = open == null ? List.of() : List.copyOf(open);
    expiring = expiring == null ? List.of() : List.copyOf(expiring);
  }

  public static RecordingLedger empty(String stream) {
    return new RecordingLedger(stream, 0, 0, 0, 0, null, null, null, null);
  }

  /**
   * How far one run has come.
   *
   * @param epoch its newest
   * @param sequence of the newest item that was counted
   * @param positionMicros of that item
   * @param arrivalMicros of that item
   * @param ended whether nothing more of the epoch can come
   * @param expiredEpoch epoch of the newest chunk that has expired; null when none has
   * @param expiredSequence of that chunk
   */
  public record Place(
      String run,
      String epoch,
      long sequence,
      long positionMicros,
      long arrivalMicros,
      boolean ended,
      String expiredEpoch,
      long expiredSequence) {

    /** Whether an item has been counted. */
    public boolean includes(String otherEpoch, long otherSequence) {
      int order = otherEpoch.compareTo(epoch);
      return order < 0 || order == 0 && otherSequence <= sequence;
    }

    private boolean hasExpired(ChunkInfo chunk) {
      int order = expiredEpoch == null ? 1 : chunk.epoch().compareTo(expiredEpoch);
      return order < 0 || order == 0 && chunk.sequence() <= expiredSequence;
    }
  }

  /**
   * A block that is not offered any more.
   *
   * @param sinceMicros when it was marked, by the gateway's clock
   */
  public record Expiring(RecordedBlock block, long sinceMicros) {}

  /** Whether a chunk must not be offered although its record may still be there. */
  public boolean hides(ChunkInfo chunk) {
    return expiring.stream().anyMatch(one -> one.block().holds(chunk));
  }

  /** Whether the stream's rule has let go of a chunk, pinned or not. */
  public boolean hasExpired(ChunkInfo chunk) {
    return places.stream()
        .anyMatch(place -> place.run().equals(chunk.run()) && place.hasExpired(chunk));
  }
}
