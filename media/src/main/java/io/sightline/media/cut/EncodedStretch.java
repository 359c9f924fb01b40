package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.encode.Backdrop;
import io.sightline.media.encode.PacketSink;
import io.sightline.media.encode.PictureFade;
import io.sightline.media.encode.PictureLook;
import io.sightline.media.encode.PictureWatch;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.Packet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Encodes a stretch of a clip's pictures, a GOP at a time, and stores it in pieces. Times are those
 * of the clip's timeline, from its first picture on. Not thread-safe.
 */
final class EncodedStretch {

  private final ClipReader reader;
  private final FadedPieces pieces;
  private final String name;

  /** Whether it is short: what comes out is kept and looked at. */
  private final boolean checked;

  private final List<FadedPieces.Part> parts = new ArrayList<>();
  private final List<Packet> kept = new ArrayList<>();
  private final Map<Long, PictureLook> looks = new HashMap<>();

  /** How much of a picture is seen, from 0 to 1. */
  interface Share {

    /** Nothing is faded. */
    Share ALL = (startTicks, endTicks) -> 1;

    double of(long startTicks, long endTicks);
  }

  /**
   * @param name of its pieces
   */
  EncodedStretch(ClipReader reader, FadedPieces pieces, String name, boolean checked) {
    this.reader = reader;
    this.pieces = pieces;
    this.name = name;
    this.checked = checked;
  }

  /** What was stored, in order. */
  List<FadedPieces.Part> parts() {
    return parts;
  }

  /** The pictures that were encoded last, since the configuration changed. */
  List<Packet> kept() {
    return kept;
  }

  /** What the pictures look like that were decoded, as encoded where they were. */
  Map<Long, PictureLook> looks() {
    return looks;
  }

  /**
   * Encodes the pictures of GOPs of one configuration.
   *
   * @param from when the first that is encoded is shown; those before are decoded only
   * @param backdrop null when nothing is faded
   */
  void encode(List<ClipGop> gops, EncodedTrack track, long from, Share share, Backdrop backdrop)
      throws MediaException, IOException {
    kept.clear();
    long delay = gops.get(0).delay(reader);
    long end = gops.get(gops.size() - 1).endTicks() + delay;
    TreeSet<Long> times = new TreeSet<>();
    times.add(end);
    PictureFade fade =
        backdrop == null
            ? null
            : new PictureFade(
                backdrop, ticks -> share.of(ticks - delay, times.higher(ticks) - delay));
    PictureWatch watch =
        checked ? look -> looks.putIfAbsent(look.ticks(), look) : PictureWatch.NONE;
    List<Long> wanted = new ArrayList<>();
    Made made = new Made(track, gops.get(0), delay);
    try (TrackEncoder encoder = track.encoder(from + delay, end, watch, fade)) {
      for (ClipGop gop : gops) {
        List<Gop.Picture> pictures = gop.pictures(reader);
        pictures.forEach(picture -> times.add(picture.shown()));
        times.add(gop.endTicks() + delay);
        for (Gop.Picture picture : pictures) {
          encoder.accept(picture.packet(), made);
          if (picture.shown() >= from + delay) {
            wanted.add(picture.shown());
          }
        }
        if (!checked) {
          gop.forget();
        }
        made.addGops();
      }
      encoder.finish(made);
      made.finish(end);
    }
    wanted.sort(null);
    if (checked && !kept.stream().map(Packet::pts).toList().equals(wanted)) {
      throw new MediaException(
          Reason.UNSUPPORTED, "some of its pictures at the ends cannot be decoded");
    }
  }

  /** What comes out of the encoder. */
  private final class Made implements PacketSink {

    private final EncodedTrack track;
    private final ClipGop first;
    private final long delay;
    private final List<Packet> waiting = new ArrayList<>();

    Made(EncodedTrack track, ClipGop first, long delay) {
      this.track = track;
      this.first = first;
      this.delay = delay;
    }

    @Override
    public void accept(Packet packet) throws MediaException {
      Packet sample = track.sample(packet);
      waiting.add(sample);
      if (checked) {
        kept.add(sample);
      }
    }

    /** Stores those that are complete. */
    void addGops() throws IOException {
      int from = 0;
      for (int index = 1; index < waiting.size(); index++) {
        if (waiting.get(index).keyframe()) {
          add(waiting.subList(from, index), waiting.get(index).pts());
          from = index;
        }
      }
      waiting.subList(0, from).clear();
    }

    void finish(long end) throws IOException {
      addGops();
      if (!waiting.isEmpty()) {
        add(waiting, end);
      }
    }

    private void add(List<Packet> gop, long end) throws IOException {
      MadeFragment fragment = new MadeFragment();
      for (int index = 0; index < gop.size(); index++) {
        Packet packet = gop.get(index);
        long next = index + 1 < gop.size() ? gop.get(index + 1).pts() : end;
        fragment.add(
            packet.pts() - delay, next - delay, packet.pts(), packet.keyframe(), packet.data());
      }
      long shown = gop.get(0).pts() - delay;
      parts.add(
          pieces.made(name, track.info(), fragment, first.micros(shown), gop.get(0).keyframe()));
    }
  }
}
