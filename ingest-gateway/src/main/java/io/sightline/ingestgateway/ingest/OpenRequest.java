package io.sightline.ingestgateway.ingest;

import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import io.vertx.core.buffer.Buffer;

/**
 * What an agent says when it opens an epoch.
 *
 * @param acknowledged up to which sequence it was told that its items are durable, so that it has
 *     them no more; null or -1 for nothing
 */
record OpenRequest(String epoch, String agent, String run, Long startMicros, Long acknowledged) {

  private static final long MAX_SEQUENCE = 1_000_000_000_000L;

  OpenRequest {
    Ids.requireName("epoch", epoch);
    Ids.requireName("agent", agent);
    Ids.requireName("run", run);
    if (startMicros == null || startMicros < 0) {
      throw new IllegalArgumentException("An epoch has a startMicros that is not negative");
    }
    if (!epoch.startsWith(Ids.fixedWidth(startMicros) + "-")) {
      throw new IllegalArgumentException("An epoch's id begins with its startMicros, 16 digits");
    }
    acknowledged = acknowledged == null ? -1 : acknowledged;
    if (acknowledged < -1 || acknowledged > MAX_SEQUENCE) {
      throw new IllegalArgumentException("'acknowledged' is a sequence, or -1 for nothing");
    }
  }

  /**
   * @throws Problem 400 when it is none
   */
  static OpenRequest read(Buffer body) {
    try {
      return Json.decode(body.getBytes(), OpenRequest.class);
    } catch (MalformedRecordException e) {
      throw Problem.of(400, e.getMessage() + ".");
    }
  }

  EpochInfo asked(String stream) {
    return new EpochInfo(
        stream, epoch, run, agent, startMicros, null, 0, acknowledged, false, null, 0);
  }
}
