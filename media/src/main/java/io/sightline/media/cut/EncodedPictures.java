package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.encode.PacketSink;
import io.sightline.media.encode.PictureWatch;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.Packet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pictures of a recording between two presentation times, encoded, and given out a GOP at a
 * time: no more of them is held. One thread.
 */
final class EncodedPictures implements PacketSink {

  /** Takes what was encoded. */
  interface GopSink {

    /**
     * @param pictures in order of show, the first a keyframe; not to be kept
     * @param endTicks presentation time after the last one
     */
    void add(List<Packet> pictures, long endTicks) throws IOException;
  }

  private final EncodedTrack track;
  private final long fromTicks;
  private final long toTicks;
  private final JoinCheck check;
  private final GopSink sink;
  private final List<Long> wanted = new ArrayList<>();
  private final List<Long> shown = new ArrayList<>();
  private final List<Packet> waiting = new ArrayList<>();

  /**
   * @param fromTicks presentation time of the first picture
   * @param toTicks presentation time before which the last one lies
   * @param check plays what is encoded; null when nobody does
   */
  EncodedPictures(EncodedTrack track, long fromTicks, long toTicks, JoinCheck check, GopSink sink) {
    this.track = track;
    this.fromTicks = fromTicks;
    this.toTicks = toTicks;
    this.check = check;
    this.sink = sink;
  }

  /**
   * Encodes them.
   *
   * @param gops consecutive ones, the first of which holds or precedes the first picture
   * @param behind pictures from the next keyframe on that are looked at, too
   * @param watch sees what is decoded
   */
  void encode(List<Gop> gops, List<Packet> behind, ByteSource bytes, PictureWatch watch)
      throws MediaException, IOException {
    try (TrackEncoder encoder = track.encoder(fromTicks, toTicks, watch, null)) {
      for (Gop gop : gops) {
        if (gop.startTicks() >= toTicks) {
          break;
        }
        for (Gop.Picture picture : needed(gop.pictures(bytes))) {
          feed(encoder, picture.packet());
          if (picture.shown() >= fromTicks && picture.shown() < toTicks) {
            wanted.add(picture.shown());
          }
        }
        if (check == null) {
          // Nobody asks for them again; a whole clip may be long.
          gop.forget();
        }
        addGops();
      }
      for (Packet packet : behind) {
        feed(encoder, packet);
      }
      encoder.finish(this);
      addGops();
      if (!waiting.isEmpty()) {
        sink.add(waiting, toTicks);
      }
    }
    wanted.sort(null);
  }

  /** Whether all of them were decoded, at their times. */
  boolean complete() {
    return shown.equals(wanted);
  }

  /** How many could not be decoded. */
  int missing() {
    return wanted.size() - shown.size();
  }

  /** Without those behind the last one that is shown early enough. */
  private List<Gop.Picture> needed(List<Gop.Picture> pictures) {
    int end = pictures.size();
    while (end > 0 && pictures.get(end - 1).shown() >= toTicks) {
      end--;
    }
    return pictures.subList(0, end);
  }

  private void feed(TrackEncoder encoder, Packet recorded) throws MediaException {
    encoder.accept(recorded, this);
    if (check != null) {
      check.step();
    }
  }

  @Override
  public void accept(Packet encoded) throws MediaException {
    Packet sample = track.sample(encoded);
    waiting.add(sample);
    shown.add(sample.pts());
    if (check != null) {
      check.encoded(sample);
    }
  }

  /** Gives out those that are complete. */
  private void addGops() throws IOException {
    int from = 0;
    for (int index = 1; index < waiting.size(); index++) {
      if (waiting.get(index).keyframe()) {
        sink.add(waiting.subList(from, index), waiting.get(index).pts());
        from = index;
      }
    }
    waiting.subList(0, from).clear();
  }
}
