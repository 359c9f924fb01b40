package io.sightline.edgecapture;

import io.sightline.records.StreamAssignment;
import java.util.List;

/**
 * Where an agent's streams come from and where its items go, when that is not the gateway.
 *
 * @param streams what to capture; null when the gateway says it
 * @param service where items go, closed with the agent; null for the gateway
 * @param share which of the streams this process takes
 */
public record CaptureEnds(
    List<StreamAssignment> streams, BatchService service, CaptureShare share) {

  /** The gateway at both ends. */
  public static final CaptureEnds GATEWAY = new CaptureEnds(null, null, CaptureShare.ALL);

  public CaptureEnds {
    streams = streams == null ? null : List.copyOf(streams);
  }

  public CaptureEnds(List<StreamAssignment> streams, BatchService service) {
    this(streams, service, CaptureShare.ALL);
  }

  boolean needGateway() {
    return streams == null || service == null;
  }
}
