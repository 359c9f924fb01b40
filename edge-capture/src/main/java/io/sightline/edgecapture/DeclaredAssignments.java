package io.sightline.edgecapture;

import io.sightline.records.StreamAssignment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Streams that the agent's own configuration declares: the same for as long as it runs. */
final class DeclaredAssignments implements Assignments {

  private final Map<String, StreamAssignment> streams = new LinkedHashMap<>();

  DeclaredAssignments(List<StreamAssignment> declared) {
    declared.forEach(assignment -> streams.put(assignment.stream().name(), assignment));
  }

  @Override
  public void start(BiConsumer<Map<String, StreamAssignment>, Set<String>> told) {
    told.accept(Map.copyOf(streams), Set.of());
  }

  @Override
  public void stop() {
    // Nothing is being asked.
  }

  @Override
  public String trouble() {
    return null;
  }
}
