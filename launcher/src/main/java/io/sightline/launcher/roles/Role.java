package io.sightline.launcher.roles;

/** A part of Sightline that can run alone; {@code up} runs all of them. In order of start. */
public enum Role {
  BROKER("broker", "the embedded Kafka broker"),
  GATEWAY("gateway", "the HTTP door: ingest, API, media delivery, live updates, dashboard"),
  ANALYZER("analyzer", "frames and chunks to detections"),
  SEGMENTER("segmenter", "detections to segments"),
  CLIPPER("clipper", "segments to clips"),
  REPLAY("replay", "segments and requests to replays"),
  ALERTER("alerter", "detections to alerts, and alerts to people"),
  CAPTURE("capture", "sources to frames and chunks");

  private final String id;
  private final String description;

  Role(String id, String description) {
    this.id = id;
    this.description = description;
  }

  /** As on the command line. */
  public String id() {
    return id;
  }

  /** What it does, for people. */
  public String description() {
    return description;
  }
}
