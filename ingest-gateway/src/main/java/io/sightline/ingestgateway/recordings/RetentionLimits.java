package io.sightline.ingestgateway.recordings;

import java.time.Duration;

/**
 * How finely recordings are counted and how fast they are deleted.
 *
 * @param blockChunks a block holds at most so many chunks
 * @param blockBytes and no further one once it has so many bytes
 * @param idle a block that has not grown for so long is complete
 * @param silent an epoch of which nothing came for so long counts as ended
 * @param grace what is not offered any more can still be fetched for so long
 * @param every the pause between two looks at what has expired
 * @param chunksPerTurn how many chunks are deleted at one look, about: what intake has to put up
 *     with at most
 */
public record RetentionLimits(
    int blockChunks,
    long blockBytes,
    Duration idle,
    Duration silent,
    Duration grace,
    Duration every,
    int chunksPerTurn) {

  public static final RetentionLimits DEFAULT =
      new RetentionLimits(
          60,
          64_000_000,
          Duration.ofMinutes(10),
          Duration.ofDays(30),
          Duration.ofMinutes(1),
          Duration.ofSeconds(1),
          240);

  public RetentionLimits {
    if (blockChunks < 1 || blockBytes < 1 || chunksPerTurn < 1 || every.toMillis() < 1) {
      throw new IllegalArgumentException("Blocks, turns and pauses must be larger than nothing");
    }
  }
}
