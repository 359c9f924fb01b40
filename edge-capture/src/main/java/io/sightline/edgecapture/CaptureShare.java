package io.sightline.edgecapture;

import io.sightline.records.StreamAssignment;
import io.sightline.records.StreamSpec;

/**
 * Which of an agent's streams one of its processes captures: each stream is always the same one's.
 * What encoders publish is the first one's, since they know one address.
 *
 * @param index of the process, from 0
 * @param count how many there are
 */
public record CaptureShare(int index, int count) {

  /** Of a process that is alone. */
  public static final CaptureShare ALL = new CaptureShare(0, 1);

  public CaptureShare {
    if (count < 1 || index < 0 || index >= count) {
      throw new IllegalArgumentException("There is no process " + index + " of " + count);
    }
  }

  boolean takes(StreamAssignment assignment) {
    StreamSpec stream = assignment.stream();
    boolean published =
        stream.inputs().stream()
            .anyMatch(
                input ->
                    input.published()
                        || input.backup().stream().anyMatch(backup -> backup.published()));
    return index == (published ? 0 : Math.floorMod(stream.name().hashCode(), count));
  }
}
