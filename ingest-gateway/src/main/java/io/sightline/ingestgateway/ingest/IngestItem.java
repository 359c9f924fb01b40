package io.sightline.ingestgateway.ingest;

import io.sightline.records.StreamItem;
import io.vertx.core.buffer.Buffer;

/** An item of an epoch with what travels beside it: a JPEG, media, an init part, or nothing. */
record IngestItem(StreamItem item, Buffer payload) {

  private static final int OVERHEAD = 512;

  /** What it costs while it is under way. */
  int weight() {
    return payload.length() + OVERHEAD;
  }
}
