package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.encode.PacketSink;
import io.sightline.media.encode.PictureLook;
import io.sightline.media.encode.PictureWatch;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.Packet;
import io.sightline.records.Rational;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts exactly the pictures with {@code mark-in <= position < mark-out}. Whole GOPs are ranges of
 * what was recorded. What lies before the first of them is encoded; of the last one what can be is
 * copied ({@link CopiedTail}), the rest encoded. Where that cannot be exact everything is encoded.
 *
 * <p>The i-th picture of a piece in decoding order is decoded at the i-th smallest presentation
 * time minus the recording's delay, so decode times run on at every join.
 */
final class ExactCut {

  private final List<Recorded> recorded;
  private final long markIn;
  private final long markOut;
  private final ByteSource bytes;
  private final Pieces pieces;
  private final boolean whole;
  private final Map<String, EncodedTrack> tracks = new HashMap<>();
  private final List<Stretch> stretches = new ArrayList<>();
  private long cursorTicks;
  private int damaged;
  private boolean open;

  /**
   * @param whole whether everything is encoded
   */
  ExactCut(
      List<Recorded> recorded,
      long markIn,
      long markOut,
      ByteSource bytes,
      Pieces pieces,
      boolean whole) {
    this.recorded = recorded;
    this.markIn = markIn;
    this.markOut = markOut;
    this.bytes = bytes;
    this.pieces = pieces;
    this.whole = whole;
  }

  /**
   * Adds the pieces; the stretches that they show, in order, are what sound is cut by.
   *
   * @throws MediaException UNSUPPORTED with the reason, when only encoding everything can be exact
   */
  List<Stretch> cut() throws MediaException, IOException {
    for (List<Gop> run : Gop.runs(recorded, bytes)) {
      if (run.get(0).startMicros() < markOut && run.get(run.size() - 1).endMicros() > markIn) {
        Run cut = new Run(run);
        if (cut.fromTicks < cut.toTicks) {
          cut.cut();
        }
      }
    }
    return stretches;
  }

  /** How many pictures between the marks could not be decoded, and are not in. */
  int damaged() {
    return damaged;
  }

  /** Whether GOPs were encoded because a decoder cannot start with any of them. */
  boolean open() {
    return open;
  }

  private EncodedTrack track(Recorded like) throws MediaException, IOException {
    EncodedTrack known = tracks.get(like.track().initKey());
    if (known == null) {
      known =
          whole
              ? EncodedTrack.alone(like, bytes, pieces)
              : EncodedTrack.beside(like, bytes, pieces);
      tracks.put(like.track().initKey(), known);
    }
    return known;
  }

  /** One stretch of the recording without a hole. */
  private final class Run {

    private final List<Gop> gops;
    private final int head;
    private final int tail;
    private final long fromTicks;
    private final long toTicks;

    private EncodedTrack track;
    private Rational unit;
    private Rational clipUnit;
    private long delay;
    private final Map<Long, PictureLook> looks = new HashMap<>();

    Run(List<Gop> gops) throws MediaException, IOException {
      this.gops = gops;
      int in = 0;
      int out = 0;
      for (int index = 0; index < gops.size(); index++) {
        in = gops.get(index).startMicros() <= markIn ? index : in;
        out = gops.get(index).startMicros() < markOut ? index : out;
      }
      Long from = firstPicture(in);
      boolean next = from == null && in + 1 < gops.size();
      head = next ? in + 1 : in;
      tail = Math.max(out, head);
      fromTicks = next ? gops.get(head).startTicks() : from == null ? Long.MAX_VALUE : from;
      toTicks = endTicks();
    }

    /** Presentation time of a GOP's first picture at or after mark-in; null when it has none. */
    private Long firstPicture(int index) throws MediaException, IOException {
      Gop gop = gops.get(index);
      // Leading pictures of a run's first GOP refer to what is not there.
      long possible = index == 0 ? keyTicks(gop) : gop.startTicks();
      if (gop.startMicros() >= markIn) {
        return possible;
      }
      Long first = null;
      for (Gop.Picture picture : gop.pictures(bytes)) {
        long shown = picture.shown();
        if (shown >= possible && gop.micros(shown) >= markIn && (first == null || shown < first)) {
          first = shown;
        }
      }
      return first;
    }

    /** Presentation time of a GOP's keyframe. */
    private long keyTicks(Gop gop) throws MediaException, IOException {
      return gop.closed() ? gop.startTicks() : gop.pictures(bytes).get(0).shown();
    }

    private long endTicks() throws MediaException, IOException {
      Gop last = gops.get(tail);
      long end = last.endTicks();
      if (last.endMicros() > markOut) {
        for (Gop.Picture picture : last.pictures(bytes)) {
          if (last.micros(picture.shown()) >= markOut) {
            end = Math.min(end, picture.shown());
          }
        }
      }
      return end;
    }

    void cut() throws MediaException, IOException {
      Recorded like = gops.get(0).first();
      track = track(like);
      unit = like.unit();
      clipUnit = pieces.unit(like.as(track.info()));
      delay = track.info().reorderTicks();
      int copied = firstCopied();
      if (copied > tail) {
        open |= !whole && head < tail;
        encode(fromTicks, toTicks);
      } else {
        JoinCheck check = new JoinCheck(track, looks);
        if (fromTicks < gops.get(copied).startTicks()) {
          List<Packet> made = encode(fromTicks, gops.get(copied).startTicks());
          check.into(made, packets(gops.get(copied).pictures(bytes)));
        }
        for (int index = copied; index < tail; index++) {
          ranges(gops.get(index));
        }
        if (gops.get(tail).endTicks() <= toTicks) {
          ranges(gops.get(tail));
        } else {
          tail(check);
        }
      }
      Gop first = gops.get(0);
      stretches.add(
          new Stretch(
              like.chunk().epoch(),
              unit,
              fromTicks,
              toTicks,
              cursorTicks,
              clipUnit,
              first.micros(fromTicks),
              first.micros(toTicks)));
      cursorTicks += Rational.rescale(toTicks - fromTicks, unit, clipUnit);
    }

    /** The first GOP that can be copied; behind the last one when none can. */
    private int firstCopied() {
      int index = head;
      while (!whole
          && index <= tail
          && !(gops.get(index).closed() && gops.get(index).startTicks() >= fromTicks)) {
        index++;
      }
      return whole ? tail + 1 : index;
    }

    private void ranges(Gop gop) {
      for (Recorded part : gop.parts()) {
        pieces.range(part.as(track.info()), placed(part.fragment().decodeTicks()));
      }
    }

    private void tail(JoinCheck check) throws MediaException, IOException {
      Gop gop = gops.get(tail);
      CopiedTail copy = CopiedTail.of(gop.pictures(bytes), toTicks, gop.endTicks());
      if (!copy.kept().isEmpty()) {
        copy(gop, copy);
      }
      List<Packet> made = copy.endTicks() < toTicks ? encode(copy.endTicks(), toTicks) : List.of();
      // The beginning of a GOP with nothing left out plays as it did, by how H.264 is made.
      if (!made.isEmpty() || !copy.isBeginningOf(gop.pictures(bytes))) {
        long key = keyTicks(gop);
        // Leading pictures need the GOP before: they are copied with it, and not looked at.
        List<Gop.Picture> decodable =
            copy.kept().stream().filter(picture -> picture.shown() >= key).toList();
        check.outOf(packets(gop.pictures(bytes)), packets(decodable), made);
      }
    }

    /** The parts that are kept whole as they are, the rest in a fragment of its own. */
    private void copy(Gop gop, CopiedTail copy) throws MediaException, IOException {
      List<Gop.Picture> kept = copy.kept();
      List<Long> shown = kept.stream().map(Gop.Picture::shown).sorted().toList();
      List<Gop.Picture> all = gop.pictures(bytes);
      int same = 0;
      for (int part = 0; part < gop.parts().size(); part++) {
        int number = part;
        int size = (int) all.stream().filter(picture -> picture.part() == number).count();
        if (same + size >= kept.size()
            || !kept.subList(same, same + size).equals(all.subList(same, same + size))) {
          break;
        }
        Recorded from = gop.parts().get(part);
        pieces.range(from.as(track.info()), placed(from.fragment().decodeTicks()));
        same += size;
      }
      MadeFragment rest = new MadeFragment();
      for (int index = same; index < kept.size(); index++) {
        Gop.Picture picture = kept.get(index);
        long next = index + 1 < shown.size() ? shown.get(index + 1) : copy.endTicks();
        rest.add(
            shown.get(index) - delay,
            next - delay,
            picture.shown(),
            picture.sample().sync(),
            picture.data());
      }
      add(rest, gop, shown.get(same), same == 0 && gop.closed());
    }

    /**
     * Encodes the pictures between two presentation times, and adds them.
     *
     * @return them; empty when everything is encoded, which may be long
     */
    private List<Packet> encode(long from, long to) throws MediaException, IOException {
      int start = tail;
      while (start > 0 && keyTicks(gops.get(start)) > from) {
        start--;
      }
      Made made = new Made();
      List<Long> wanted = new ArrayList<>();
      PictureWatch watch =
          whole ? PictureWatch.NONE : look -> looks.putIfAbsent(look.ticks(), look);
      try (TrackEncoder encoder = track.encoder(from, to, watch)) {
        for (int index = start; index <= tail && gops.get(index).startTicks() < to; index++) {
          Gop gop = gops.get(index);
          List<Gop.Picture> needed = gop.pictures(bytes);
          int last = needed.size();
          while (last > 0 && needed.get(last - 1).shown() >= to) {
            last--;
          }
          for (Gop.Picture picture : needed.subList(0, last)) {
            encoder.accept(picture.packet(), made);
            if (picture.shown() >= from && picture.shown() < to) {
              wanted.add(picture.shown());
            }
          }
          if (whole) {
            gop.forget();
          }
          made.addGops();
        }
        encoder.finish(made);
        made.finish(to);
      }
      wanted.sort(null);
      if (!whole && !made.kept.stream().map(Packet::pts).toList().equals(wanted)) {
        throw new MediaException(
            Reason.UNSUPPORTED, "some of its pictures at the marks cannot be decoded");
      }
      damaged += wanted.size() - made.count;
      return made.kept;
    }

    /** What comes out of the encoder, a GOP at a time. */
    private final class Made implements PacketSink {

      private final List<Packet> kept = new ArrayList<>();
      private final List<Packet> waiting = new ArrayList<>();
      private int count;

      @Override
      public void accept(Packet packet) throws MediaException {
        Packet sample = track.sample(packet);
        waiting.add(sample);
        count++;
        if (!whole) {
          kept.add(sample);
        }
      }

      /** Adds those that are complete. */
      void addGops() throws IOException {
        int from = 0;
        for (int index = 1; index < waiting.size(); index++) {
          if (waiting.get(index).keyframe()) {
            addGop(waiting.subList(from, index), waiting.get(index).pts());
            from = index;
          }
        }
        waiting.subList(0, from).clear();
      }

      void finish(long to) throws IOException {
        addGops();
        if (!waiting.isEmpty()) {
          addGop(waiting, to);
        }
      }
    }

    private void addGop(List<Packet> made, long end) throws IOException {
      MadeFragment encoded = new MadeFragment();
      for (int index = 0; index < made.size(); index++) {
        Packet packet = made.get(index);
        long next = index + 1 < made.size() ? made.get(index + 1).pts() : end;
        encoded.add(
            packet.pts() - delay, next - delay, packet.pts(), packet.keyframe(), packet.data());
      }
      add(encoded, gops.get(0), made.get(0).pts(), made.get(0).keyframe());
    }

    /**
     * @param shown presentation time of its earliest picture
     */
    private void add(MadeFragment made, Gop like, long shown, boolean independent)
        throws IOException {
      pieces.made(
          like.first().as(track.info()),
          made.samples(),
          made.media(),
          like.micros(shown),
          placed(shown - delay),
          independent);
    }

    /** Where a decode time lies in the clip. */
    private long placed(long decodeTicks) {
      return cursorTicks + Rational.rescale(decodeTicks - (fromTicks - delay), unit, clipUnit);
    }
  }

  private static List<Packet> packets(List<Gop.Picture> pictures) {
    return pictures.stream().map(Gop.Picture::packet).toList();
  }
}
