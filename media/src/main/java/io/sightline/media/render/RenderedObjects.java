package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.media.cmaf.MovieFragment;
import io.sightline.media.cut.NewObject;
import io.sightline.media.cut.ObjectSink;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.Ids;
import io.sightline.records.TrackInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** What an encoder makes of a track, in fragments of a second or more, some in one object. */
final class RenderedObjects {

  /** An object that holds more is stored. */
  private static final int OBJECT_BYTES = 4 << 20;

  private final String folder;
  private final TrackInfo lead;
  private final ObjectSink made;
  private final List<ClipIndex.Piece> pieces = new ArrayList<>();
  private final List<Timed> waiting = new ArrayList<>();
  private final ByteArrayOutputStream object = new ByteArrayOutputStream();
  private LongUnaryOperator position;
  private TrackInfo info;
  private int number;

  /** A sample and when it is decoded. */
  private record Timed(Packet packet, long ticks) {}

  /**
   * @param folder for the keys of objects, with a slash at its end
   * @param lead the clip's own track
   */
  RenderedObjects(String folder, TrackInfo lead, ObjectSink made) {
    this.folder = folder;
    this.lead = lead;
    this.made = made;
  }

  /** What the rendition says of the track. */
  TrackInfo track() {
    return info;
  }

  List<ClipIndex.Piece> pieces() {
    return pieces;
  }

  /**
   * What follows comes from this encoder.
   *
   * @param position in the recording of what lies at a time of the rendition
   */
  void begin(SourceTrack encoded, LongUnaryOperator position) throws MediaException, IOException {
    this.position = position;
    if (info != null) {
      return;
    }
    boolean pictures = encoded.isVideo();
    int timescale = pictures ? lead.timescale() : encoded.sampleRate();
    InitSegment init = InitSegment.of(encoded, timescale);
    byte[] content = init.write();
    String key = folder + "init-" + lead.track() + "-" + Ids.digest(content) + ".mp4";
    made.put(new NewObject(key, content));
    info =
        new TrackInfo(
            lead.track(),
            lead.kind(),
            init.codec(),
            key,
            timescale,
            0,
            encoded.width(),
            encoded.height(),
            lead.frameRate(),
            encoded.sampleRate(),
            encoded.channels(),
            lead.language());
  }

  /** Adds the next sample, in the timescale of the track. */
  void add(Packet sample, long ticks) {
    waiting.add(new Timed(sample, ticks));
  }

  /** Puts away the fragments that are complete. */
  void put() throws IOException {
    int from = 0;
    for (int index = 1; index < waiting.size(); index++) {
      long start = waiting.get(from).ticks();
      long end = waiting.get(index).ticks();
      if (waiting.get(index).packet().keyframe() && end - start >= info.timescale()) {
        put(waiting.subList(from, index), end);
        from = index;
      }
    }
    waiting.subList(0, from).clear();
  }

  /** Puts away the rest of what came from an encoder; its last sample lasts until then. */
  void end(long endTicks) throws IOException {
    put();
    if (!waiting.isEmpty()) {
      put(waiting, endTicks);
      waiting.clear();
    }
  }

  /** Stores what is still held. */
  void finish() throws IOException {
    if (object.size() > 0) {
      made.put(new NewObject(key(), object.toByteArray()));
      object.reset();
      number++;
    }
  }

  private String key() {
    return folder + "piece-" + lead.track() + "-" + number + ".mp4";
  }

  private void put(List<Timed> fragment, long endTicks) throws IOException {
    List<FragmentSample> described = new ArrayList<>();
    ByteArrayOutputStream media = new ByteArrayOutputStream();
    for (int index = 0; index < fragment.size(); index++) {
      Timed sample = fragment.get(index);
      long next = index + 1 < fragment.size() ? fragment.get(index + 1).ticks() : endTicks;
      byte[] data = new byte[sample.packet().data().remaining()];
      sample.packet().data().duplicate().get(data);
      media.writeBytes(data);
      described.add(
          new FragmentSample(
              sample.ticks(),
              next - sample.ticks(),
              0,
              sample.packet().keyframe(),
              0,
              data.length));
    }
    byte[] content = MovieFragment.of(described, media.toByteArray());
    long start = fragment.get(0).ticks();
    pieces.add(
        new ClipIndex.Piece(
            lead.track(),
            key(),
            object.size(),
            content.length,
            position.applyAsLong(start),
            start,
            start,
            endTicks - start,
            fragment.get(0).packet().keyframe()));
    object.writeBytes(content);
    if (object.size() >= OBJECT_BYTES) {
      finish();
    }
  }
}
