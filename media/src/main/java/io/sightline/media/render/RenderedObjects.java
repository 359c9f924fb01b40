package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.media.cmaf.MovieFragment;
import io.sightline.media.cut.NewObject;
import io.sightline.media.cut.ObjectSink;
import io.sightline.media.encode.EncodedSamples;
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

/** What a rendition's encoder makes, a fragment for each GOP, some of them in one object. */
final class RenderedObjects {

  /** An object that holds more is stored. */
  private static final int OBJECT_BYTES = 4 << 20;

  private final String id;
  private final int track;
  private final ObjectSink made;
  private final List<ClipIndex.Piece> pieces = new ArrayList<>();
  private final List<Timed> waiting = new ArrayList<>();
  private final ByteArrayOutputStream object = new ByteArrayOutputStream();
  private EncodedSamples samples;
  private TrackInfo info;
  private int number;

  /** A picture and when it is shown. */
  private record Timed(Packet packet, long ticks) {}

  RenderedObjects(String id, int track, ObjectSink made) {
    this.id = id;
    this.track = track;
    this.made = made;
  }

  String id() {
    return id;
  }

  /** What the rendition says of its pictures. */
  TrackInfo track() {
    return info;
  }

  List<ClipIndex.Piece> pieces() {
    return pieces;
  }

  /**
   * What follows comes from this encoder.
   *
   * @param lead the clip's own track
   */
  void begin(SourceTrack encoded, TrackInfo lead) throws MediaException, IOException {
    samples = EncodedSamples.of(encoded);
    if (info != null) {
      // Of the same size, and with its sets before each keyframe.
      return;
    }
    InitSegment init = InitSegment.of(encoded, lead.timescale());
    byte[] content = init.write();
    String key = "clips/" + id + "/init-" + track + "-" + Ids.digest(content) + ".mp4";
    made.put(new NewObject(key, content));
    info =
        new TrackInfo(
            track,
            TrackInfo.Kind.VIDEO,
            init.codec(),
            key,
            lead.timescale(),
            0,
            encoded.width(),
            encoded.height(),
            lead.frameRate(),
            0,
            0,
            lead.language());
  }

  /** Adds the next picture. */
  void add(Packet encoded, long ticks) {
    waiting.add(new Timed(samples.sample(encoded), ticks));
  }

  /**
   * Puts away the GOPs that are complete.
   *
   * @param position of what is shown at a time
   */
  void put(LongUnaryOperator position) throws IOException {
    int from = 0;
    for (int index = 1; index < waiting.size(); index++) {
      if (waiting.get(index).packet().keyframe()) {
        put(waiting.subList(from, index), waiting.get(index).ticks(), position);
        from = index;
      }
    }
    waiting.subList(0, from).clear();
  }

  /** Puts away the rest of what came from an encoder; the last picture is shown until then. */
  void end(long endTicks, LongUnaryOperator position) throws IOException {
    put(position);
    if (!waiting.isEmpty()) {
      put(waiting, endTicks, position);
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
    return "clips/" + id + "/piece-" + number + ".mp4";
  }

  private void put(List<Timed> gop, long endTicks, LongUnaryOperator position) throws IOException {
    List<FragmentSample> described = new ArrayList<>();
    ByteArrayOutputStream media = new ByteArrayOutputStream();
    for (int index = 0; index < gop.size(); index++) {
      Timed picture = gop.get(index);
      long next = index + 1 < gop.size() ? gop.get(index + 1).ticks() : endTicks;
      byte[] data = new byte[picture.packet().data().remaining()];
      picture.packet().data().duplicate().get(data);
      media.writeBytes(data);
      described.add(
          new FragmentSample(
              picture.ticks(),
              next - picture.ticks(),
              0,
              picture.packet().keyframe(),
              0,
              data.length));
    }
    byte[] content = fragment(described, media.toByteArray());
    long start = gop.get(0).ticks();
    pieces.add(
        new ClipIndex.Piece(
            track,
            key(),
            object.size(),
            content.length,
            position.applyAsLong(start),
            start,
            start,
            endTicks - start,
            gop.get(0).packet().keyframe()));
    object.writeBytes(content);
    if (object.size() >= OBJECT_BYTES) {
      finish();
    }
  }

  /** A whole fragment of these samples. */
  static byte[] fragment(List<FragmentSample> described, byte[] media) {
    byte[] head = MovieFragment.header(1, described.get(0).decodeTicks(), described);
    byte[] content = new byte[head.length + media.length];
    System.arraycopy(head, 0, content, 0, head.length);
    System.arraycopy(media, 0, content, head.length, media.length);
    return content;
  }
}
