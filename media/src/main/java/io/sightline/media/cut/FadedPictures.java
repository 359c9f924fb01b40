package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.encode.PictureLooks;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fades the pictures of a clip in and out. What a fade touches is encoded, with what stands between
 * it and the next place where a decoder can start, or the last that can be copied; all else stays
 * the pieces that it was.
 *
 * <p>Times are those of the clip's timeline, in ticks of its track, from its first picture on.
 */
final class FadedPictures {

  private final ClipReader reader;
  private final List<ClipGop> gops;
  private final Fade in;
  private final Fade out;
  private final FadedPieces pieces;
  private final boolean whole;
  private final Map<TrackInfo, EncodedTrack> tracks = new HashMap<>();
  private final long end;
  private final long inEnd;
  private final long outStart;

  /**
   * @param in null when the clip begins as it is
   * @param out null when the clip ends as it is, whatever follows
   * @param whole whether everything is encoded
   */
  FadedPictures(
      ClipReader reader, List<ClipGop> gops, Fade in, Fade out, FadedPieces pieces, boolean whole) {
    this.reader = reader;
    this.gops = gops;
    this.in = in;
    this.out = out;
    this.pieces = pieces;
    this.whole = whole;
    this.end = gops.get(gops.size() - 1).endTicks();
    this.inEnd = in == null ? 0 : pieces.ticks(in.micros());
    this.outStart = out == null ? end : end - pieces.ticks(out.micros());
  }

  /** What a configuration of the clip is called with pictures of the encoder under its header. */
  TrackInfo infoOf(TrackInfo recorded) {
    EncodedTrack track = tracks.get(recorded);
    return track == null ? recorded : track.info();
  }

  /**
   * Adds the pieces.
   *
   * @throws MediaException UNSUPPORTED with the reason, when only encoding everything can be exact
   */
  void fade() throws MediaException, IOException {
    for (ClipGop gop : gops) {
      if (!tracks.containsKey(gop.info())) {
        tracks.put(gop.info(), track(gop));
      }
    }
    int all = gops.size();
    int copied = firstCopied();
    int tail = out == null ? all : lastBefore(outStart);
    if (whole || copied > tail) {
      pieces.last.addAll(head(copied));
      pieces.last.addAll(ranges(copied, all));
      if (out != null) {
        EncodedStretch both = stretch("faded-" + (in == null ? "" : in.name() + "-") + out.name());
        encode(both, 0, all, 0, (from, to) -> Math.min(shareIn(from), shareOut(to)));
        pieces.joined.addAll(both.parts());
      }
      return;
    }
    pieces.open.addAll(head(copied));
    pieces.open.addAll(ranges(copied, tail));
    pieces.last.addAll(ranges(tail, all));
    if (out != null) {
      tail(tail);
    }
  }

  private EncodedTrack track(ClipGop gop) throws MediaException, IOException {
    SourceTrack source = reader.source(gop.first());
    return whole
        ? EncodedTrack.alone(pieces.timed(gop.info()), source, pieces::init)
        : EncodedTrack.beside(gop.info(), reader.init(gop.first()), source, pieces::init, false);
  }

  /** The first GOP that may stay as it is; behind the last one when none may. */
  private int firstCopied() {
    int index = 0;
    while (index < gops.size() && (whole || gops.get(index).startTicks() < inEnd)) {
      index++;
    }
    return index;
  }

  private int lastBefore(long ticks) {
    int index = gops.size() - 1;
    while (index > 0 && gops.get(index).startTicks() > ticks) {
      index--;
    }
    return index;
  }

  /** The pictures before the first GOP that is copied. */
  private List<FadedPieces.Part> head(int copied) throws MediaException, IOException {
    if (copied == 0) {
      return List.of();
    }
    EncodedStretch made = stretch(in == null ? "whole" : (whole ? "whole-" : "in-") + in.name());
    encode(made, 0, copied, 0, (from, to) -> shareIn(from));
    TrackInfo last = gops.get(copied - 1).info();
    if (copied < gops.size() && gops.get(copied).info().equals(last)) {
      checkInto(made, gops.get(copied));
    }
    return made.parts();
  }

  /** Whether what is encoded and what is copied behind it play as they should. */
  private void checkInto(EncodedStretch made, ClipGop copied) throws MediaException, IOException {
    EncodedTrack track = tracks.get(copied.info());
    List<Packet> all = packets(copied.pictures(reader));
    List<Packet> behind = all.subList(0, Math.min(JoinCheck.BEHIND, all.size()));
    try (PictureLooks recorded = new PictureLooks(track.source())) {
      behind.forEach(recorded::accept);
      recorded.finish().forEach(look -> made.looks().putIfAbsent(look.ticks(), look));
    }
    try (JoinCheck check = new JoinCheck(track, made.looks(), Long.MIN_VALUE)) {
      made.kept().forEach(check::encoded);
      check.copied(behind);
      check.finish();
    }
  }

  private List<FadedPieces.Part> ranges(int from, int to) {
    List<FadedPieces.Part> parts = new ArrayList<>();
    for (int index = from; index < to; index++) {
      ClipGop gop = gops.get(index);
      for (ClipIndex.Piece piece : gop.pieces()) {
        parts.add(new FadedPieces.Part(piece, infoOf(gop.info())));
      }
    }
    return parts;
  }

  /** Copies the beginning of the GOP in which the fade begins, and encodes the rest. */
  private void tail(int index) throws MediaException, IOException {
    ClipGop gop = gops.get(index);
    long delay = gop.delay(reader);
    List<Gop.Picture> pictures = gop.pictures(reader);
    CopiedTail copy = CopiedTail.of(pictures, outStart + delay, gop.endTicks() + delay);
    EncodedStretch made = stretch("out-" + out.name());
    if (!copy.kept().isEmpty()) {
      pieces.joined.add(copied(gop, copy, delay));
    }
    encode(made, index, gops.size(), copy.endTicks() - delay, (from, to) -> shareOut(to));
    boolean same =
        gops.subList(index, gops.size()).stream().allMatch(one -> one.info().equals(gop.info()));
    if (!copy.kept().isEmpty() && same) {
      try (JoinCheck check = new JoinCheck(tracks.get(gop.info()), made.looks(), Long.MIN_VALUE)) {
        check.copied(packets(copy.kept()));
        made.kept().forEach(check::encoded);
        check.finish();
      }
    }
    pieces.joined.addAll(made.parts());
  }

  private FadedPieces.Part copied(ClipGop gop, CopiedTail copy, long delay) throws IOException {
    List<Long> shown = copy.kept().stream().map(Gop.Picture::shown).sorted().toList();
    MadeFragment rest = new MadeFragment();
    for (int at = 0; at < copy.kept().size(); at++) {
      Gop.Picture picture = copy.kept().get(at);
      long next = at + 1 < shown.size() ? shown.get(at + 1) : copy.endTicks();
      rest.add(
          shown.get(at) - delay,
          next - delay,
          picture.shown(),
          picture.sample().sync(),
          picture.data());
    }
    return pieces.made(
        "before-" + out.name(),
        infoOf(gop.info()),
        rest,
        gop.first().positionMicros(),
        gop.first().independent());
  }

  private EncodedStretch stretch(String name) {
    return new EncodedStretch(reader, pieces, name, !whole);
  }

  private void encode(EncodedStretch made, int from, int to, long start, EncodedStretch.Share share)
      throws MediaException, IOException {
    Fade fade = in == null ? out : in;
    for (int at = from; at < to; ) {
      int next = at + 1;
      while (next < to && gops.get(next).info().equals(gops.get(at).info())) {
        next++;
      }
      made.encode(
          gops.subList(at, next),
          tracks.get(gops.get(at).info()),
          Math.max(start, gops.get(at).startTicks()),
          share,
          fade == null ? null : fade.backdrop());
      at = next;
    }
  }

  /** By when a picture begins, so that the first one shows nothing of it. */
  private double shareIn(long from) {
    return inEnd == 0 ? 1 : Math.min(1, (double) from / inEnd);
  }

  /** By when a picture ends, so that the last one shows nothing of it. */
  private double shareOut(long to) {
    return outStart == end ? 1 : Math.max(0, Math.min(1, (double) (end - to) / (end - outStart)));
  }

  private static List<Packet> packets(List<Gop.Picture> pictures) {
    return pictures.stream().map(Gop.Picture::packet).toList();
  }
}
