package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What travels in order within one epoch of a stream. The sequence is gapless over all items of the
 * epoch as capture sends them, and rises within each {@link Lane} from then on, so that a reader
 * can drop what it has seen.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = FrameInfo.class, name = "frame"),
  @JsonSubTypes.Type(value = ChunkInfo.class, name = "chunk"),
  @JsonSubTypes.Type(value = InitPart.class, name = "init"),
  @JsonSubTypes.Type(value = Marker.class, name = "marker"),
  @JsonSubTypes.Type(value = FrameDetections.class, name = "frame-detections"),
  @JsonSubTypes.Type(value = AudioDetections.class, name = "audio-detections")
})
public sealed interface StreamItem
    permits FrameInfo, ChunkInfo, InitPart, Marker, FrameDetections, AudioDetections {

  String stream();

  String epoch();

  /** The run it belongs to: {@code live}, or the name of one pass over a file or over the past. */
  String run();

  /** From 0, gapless over the epoch. */
  long sequence();

  long positionMicros();

  Lane lane();
}
