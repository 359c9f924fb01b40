package io.sightline.ingestgateway.recordings;

import io.sightline.records.Keep;
import java.util.Optional;

/** Says how long a stream's recordings are kept, as it is declared now. Any thread. */
public interface KeepRule {

  /** The rule of a stream; empty when there is no such stream any more. */
  Optional<Keep> of(String stream);

  /** What holds where a stream says nothing. */
  Keep otherwise();
}
