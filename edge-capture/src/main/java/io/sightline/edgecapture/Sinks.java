package io.sightline.edgecapture;

/** Where the outboxes of an agent's streams are sent. */
interface Sinks {

  /** What is taken there of a stream. */
  SinkLimits limits(String stream);

  /** For one stream; belongs to the agent's context. */
  Sink open(String stream, Outbox outbox);
}
