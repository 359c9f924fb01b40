package io.sightline.edgecapture;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** The gateway as the place to send to. */
record GatewaySinks(
    Vertx vertx, Context context, GatewayApi api, CaptureConfig config, Timing timing)
    implements Sinks {

  @Override
  public SinkLimits limits(String stream) {
    return SinkLimits.GATEWAY;
  }

  @Override
  public Sink open(String stream, Outbox outbox) {
    return new GatewayConnection(
        vertx, context, api, outbox, outbox.meter(), stream, config, timing);
  }
}
