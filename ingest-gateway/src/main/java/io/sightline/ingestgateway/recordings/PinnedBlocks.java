package io.sightline.ingestgateway.recordings;

import io.sightline.records.RecordedBlock;
import java.util.List;

/** What of an expired block is still there, because clips refer to it. */
record PinnedBlocks(List<RecordedBlock> blocks) {

  PinnedBlocks {
    blocks = blocks == null ? List.of() : List.copyOf(blocks);
  }
}
