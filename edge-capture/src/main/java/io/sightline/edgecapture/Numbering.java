package io.sightline.edgecapture;

import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.InitPart;
import io.sightline.records.Marker;
import io.sightline.records.StreamItem;

/** Gives items their sequence, and what follows from it. */
final class Numbering {

  private Numbering() {}

  static StreamItem with(StreamItem item, long sequence) {
    if (item instanceof FrameInfo frame) {
      return new FrameInfo(
          frame.stream(),
          frame.epoch(),
          frame.run(),
          sequence,
          frame.positionMicros(),
          frame.capturedMicros(),
          frame.width(),
          frame.height(),
          frame.sizeBytes(),
          frame.keyframe(),
          frame.turned());
    }
    if (item instanceof ChunkInfo chunk) {
      return new ChunkInfo(
          chunk.stream(),
          chunk.epoch(),
          chunk.run(),
          sequence,
          chunk.positionMicros(),
          chunk.durationMicros(),
          chunk.capturedMicros(),
          Ids.chunkKey(chunk.stream(), chunk.epoch(), sequence),
          chunk.sizeBytes(),
          chunk.tracks(),
          chunk.fragments());
    }
    if (item instanceof InitPart part) {
      return new InitPart(
          part.stream(),
          part.epoch(),
          part.run(),
          sequence,
          part.positionMicros(),
          part.track(),
          part.key());
    }
    if (item instanceof Marker marker) {
      return new Marker(
          marker.kind(),
          marker.stream(),
          marker.epoch(),
          marker.run(),
          sequence,
          marker.positionMicros(),
          marker.lane(),
          marker.profile(),
          marker.reason(),
          marker.lostMicros(),
          marker.input());
    }
    throw new IllegalArgumentException("No item of capture: " + item.getClass());
  }
}
