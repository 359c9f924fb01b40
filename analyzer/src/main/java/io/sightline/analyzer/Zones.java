package io.sightline.analyzer;

import io.sightline.records.Zone;
import java.util.List;

/** Where the stage asks for the zones of a stream. Called by any thread; must not block. */
@FunctionalInterface
public interface Zones {

  Zones NONE = stream -> List.of();

  /** The zones in force now; empty for a stream without any, or that nobody knows. */
  List<Zone> of(String stream);
}
