package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.encode.PictureLook;
import io.sightline.media.encode.PictureWatch;
import io.sightline.media.h264.ClosedGop;
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
 * copied ({@link CopiedTail}), the rest encoded. Open GOPs of H.264 are closed ({@link ClosedGop}).
 * Where that cannot be exact everything is encoded.
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

  /** Whether GOPs were encoded because players cannot start with any of them. */
  boolean open() {
    return open;
  }

  private EncodedTrack track(Recorded like, boolean closing) throws MediaException, IOException {
    String name = (closing ? "closed " : "") + like.track().initKey();
    EncodedTrack known = tracks.get(name);
    if (known == null) {
      known =
          whole
              ? EncodedTrack.alone(like, bytes, pieces::init)
              : EncodedTrack.beside(like, bytes, pieces::init, closing);
      tracks.put(name, known);
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
      int copied = firstCopied();
      int closed = copied > tail || leads() ? firstClosed() : tail + 1;
      track = track(like, closed <= tail);
      unit = like.unit();
      clipUnit = pieces.unit(like.as(track.info()));
      delay = track.info().reorderTicks();
      if (closed <= tail) {
        for (int index = closed; index <= tail; index++) {
          close(index, index == closed ? fromTicks : gops.get(index).startTicks());
        }
      } else if (copied > tail) {
        open |= !whole && head < tail && !gops.get(head).isH264();
        encode(fromTicks, toTicks, null, List.of());
      } else {
        copy(copied);
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
    private int firstCopied() throws MediaException, IOException {
      int index = whole ? tail + 1 : head;
      while (index <= tail
          && (gops.get(index).startTicks() < fromTicks || !gops.get(index).beginsAnew(bytes))) {
        index++;
      }
      return index;
    }

    /** Whether some GOPs have pictures that are shown before their keyframe. */
    private boolean leads() {
      return gops.subList(head, tail + 1).stream().anyMatch(gop -> !gop.closed());
    }

    /** The first GOP that can be closed and copied; behind the last one when none can. */
    private int firstClosed() throws MediaException, IOException {
      int index = whole || !gops.get(head).isH264() ? tail + 1 : head;
      while (index <= tail
          && (keyTicks(gops.get(index)) < fromTicks || keyTicks(gops.get(index)) >= toTicks)) {
        index++;
      }
      return index;
    }

    /** Copies what lies where it lies, from a GOP on. */
    private void copy(int first) throws MediaException, IOException {
      if (fromTicks < gops.get(first).startTicks()) {
        head(gops.get(first));
      }
      boolean whole = gops.get(tail).endTicks() <= toTicks;
      for (Gop gop : gops.subList(first, whole ? tail + 1 : tail)) {
        for (Recorded part : gop.parts()) {
          pieces.range(part.as(track.info()), placed(part.fragment().decodeTicks()));
        }
      }
      if (!whole) {
        tail();
      }
    }

    /** Encodes what lies before the first GOP that is copied. */
    private void head(Gop copied) throws MediaException, IOException {
      List<Packet> pictures = packets(copied.pictures(bytes));
      List<Packet> behind = pictures.subList(0, Math.min(JoinCheck.BEHIND, pictures.size()));
      try (JoinCheck check = new JoinCheck(track, looks, fromTicks)) {
        encode(fromTicks, copied.startTicks(), check, behind);
        check.copied(behind);
        check.finish();
      }
    }

    /**
     * Copies a GOP so that players can start with it, whether it was recorded so or not: what is
     * shown before its keyframe is encoded. Since copied pictures may refer to what is not there
     * any more, all of them are looked at.
     *
     * @param from presentation time of the first picture
     */
    private void close(int index, long from) throws MediaException, IOException {
      Gop gop = gops.get(index);
      long key = Math.min(toTicks, gop.pictures(bytes).get(0).shown());
      CopiedTail copy =
          CopiedTail.of(gop.closed(track.closedGop(), bytes), toTicks, gop.endTicks());
      try (JoinCheck check = new JoinCheck(track, looks, from)) {
        if (from < key) {
          encode(from, key, check, List.of());
        }
        check.copied(packets(copy.kept()));
        if (!copy.kept().isEmpty()) {
          copy(gop, copy.kept(), copy.endTicks(), true);
          check.look(packets(copy.neededOf(gop.pictures(bytes))));
        }
        if (key < toTicks && copy.endTicks() < Math.min(toTicks, gop.endTicks())) {
          encode(copy.endTicks(), toTicks, check, List.of());
        }
        check.finish();
      }
      looks.clear();
      if (index > 0) {
        gops.get(index - 1).forget();
      }
    }

    private void tail() throws MediaException, IOException {
      Gop gop = gops.get(tail);
      CopiedTail copy = CopiedTail.of(gop.pictures(bytes), toTicks, gop.endTicks());
      if (!copy.kept().isEmpty()) {
        copy(gop, copy);
      }
      boolean encodes = copy.endTicks() < toTicks;
      if (!encodes && copy.isBeginningOf(gop.pictures(bytes))) {
        // The beginning of a GOP with nothing left out plays as it did, by how H.264 is made.
        return;
      }
      // Leading pictures need the GOP before: they are copied with it, and not looked at.
      try (JoinCheck check = new JoinCheck(track, looks, keyTicks(gop))) {
        check.copied(packets(copy.kept()));
        if (encodes) {
          encode(copy.endTicks(), toTicks, check, List.of());
        } else {
          check.look(packets(copy.neededOf(gop.pictures(bytes))));
        }
        check.finish();
      }
    }

    /** The parts that are kept whole as they are, the rest in a fragment of its own. */
    private void copy(Gop gop, CopiedTail copy) throws MediaException, IOException {
      List<Gop.Picture> kept = copy.kept();
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
      List<Gop.Picture> rest = kept.subList(same, kept.size());
      copy(gop, rest, copy.endTicks(), same == 0 && gop.closed());
    }

    /** Copies pictures into a fragment of their own. */
    private void copy(Gop gop, List<Gop.Picture> kept, long endTicks, boolean independent)
        throws IOException {
      List<Long> shown = kept.stream().map(Gop.Picture::shown).sorted().toList();
      MadeFragment made = new MadeFragment();
      for (int index = 0; index < kept.size(); index++) {
        Gop.Picture picture = kept.get(index);
        long next = index + 1 < shown.size() ? shown.get(index + 1) : endTicks;
        made.add(
            shown.get(index) - delay,
            next - delay,
            picture.shown(),
            picture.sample().sync(),
            picture.data());
      }
      add(made, gop, shown.get(0), independent);
    }

    /**
     * Encodes the pictures between two presentation times, and adds them.
     *
     * @param check plays them; null when nobody does
     * @param behind recorded pictures from the next keyframe on that are looked at, too
     */
    private void encode(long from, long to, JoinCheck check, List<Packet> behind)
        throws MediaException, IOException {
      int start = tail;
      while (start > 0 && keyTicks(gops.get(start)) > from) {
        start--;
      }
      PictureWatch watch =
          check == null ? PictureWatch.NONE : look -> looks.putIfAbsent(look.ticks(), look);
      EncodedPictures pictures = new EncodedPictures(track, from, to, check, this::addGop);
      pictures.encode(gops.subList(start, tail + 1), behind, bytes, watch);
      if (!whole && !pictures.complete()) {
        throw new MediaException(
            Reason.UNSUPPORTED, "some of its pictures at the marks cannot be decoded");
      }
      damaged += pictures.missing();
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
