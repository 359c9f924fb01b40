package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.source.SourceTrack;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * A decoder with the pictures that have come out of it and may still be looked at. Not thread-safe;
 * owns native memory until closed.
 */
final class PictureDecoding implements AutoCloseable {

  /** {@code AV_FRAME_FLAG_CORRUPT}, which the presets leave out. */
  private static final int FLAG_CORRUPT = 1;

  private final VideoDecoder decoder;
  private final SortedMap<Long, AVFrame> kept = new TreeMap<>();
  private final TreeSet<Long> inside = new TreeSet<>();

  private boolean running;

  /** Whether nothing is inside the decoder, and nothing of it needs to be flushed. */
  private boolean empty;

  private boolean anyOut;
  private long lastOut;

  PictureDecoding(SourceTrack track, int threads) throws MediaException {
    decoder = new VideoDecoder(track, threads);
  }

  /** Whether the next packet may be any; else it must be a keyframe, after a restart. */
  boolean canGoOn() {
    return running;
  }

  /** Makes ready for a keyframe; whatever was inside is lost. */
  void restart() {
    stop();
    running = true;
  }

  /**
   * Makes ready for a keyframe of which nothing else is wanted. What a flush frees is what the
   * decoder needs for the next picture: of many megabytes, most of what a keyframe costs. So it
   * only happens when something is left inside, or the keyframe needs it.
   */
  void startAlone(WaitingPacket keyframe) {
    if (!empty || !decoder.beginsAnew(keyframe.packet())) {
      stop();
    }
    empty = false;
    running = true;
  }

  /** Ends that. */
  void stopAlone() {
    if (running && inside.isEmpty()) {
      forget();
      empty = true;
    } else {
      stop();
    }
  }

  /** Forgets everything. */
  void stop() {
    forget();
    empty = false;
    decoder.flush();
  }

  private void forget() {
    keepOnly(pts -> false);
    inside.clear();
    anyOut = false;
    running = false;
  }

  /**
   * Feeds a packet and collects what comes out.
   *
   * @param looked whether its own picture may be looked at
   * @param keep which pictures that come out may still be looked at
   * @return false when the packet is damaged
   */
  boolean feed(WaitingPacket packet, boolean looked, LongPredicate keep) throws MediaException {
    if (decoder.mustBeginAnew(packet.packet())) {
      decoder.drain();
      collect(keep);
      decoder.flush();
    }
    boolean taken = decoder.send(packet.packet(), packet.pts(), looked);
    if (taken && looked) {
      inside.add(packet.pts());
    }
    collect(keep);
    return taken;
  }

  /**
   * Collects pictures that the decoder holds back for reordering, up to this one. Nothing that is
   * shown before it may still be wanted.
   */
  void release(long pts, LongPredicate keep) {
    while (inside.contains(pts) && decoder.release() && collect(keep) > 0) {
      // One comes out at a time.
    }
  }

  /** Collects all that the decoder holds back; then only a restart is possible. */
  void drain(LongPredicate keep) {
    decoder.drain();
    collect(keep);
    running = false;
  }

  /** Whether a picture has come out, or will when the decoder is fed. */
  boolean holds(long pts) {
    return kept.containsKey(pts) || inside.contains(pts);
  }

  boolean has(long pts) {
    return kept.containsKey(pts);
  }

  /** Whether later pictures have come out, so that this one never will. */
  boolean isPast(long pts) {
    return anyOut && lastOut > pts;
  }

  /** Looks at a picture, which stays the caller's. */
  interface Look {
    void at(AVFrame picture) throws MediaException;
  }

  /**
   * Lets a picture that has come out be looked at, and frees it.
   *
   * @return false, without a look, when it is damaged or never came
   */
  boolean take(long pts, Look look) throws MediaException {
    inside.remove(pts);
    AVFrame picture = kept.remove(pts);
    if (picture == null) {
      return false;
    }
    try {
      if (picture.decode_error_flags() != 0 || (picture.flags() & FLAG_CORRUPT) != 0) {
        return false;
      }
      look.at(picture);
      return true;
    } finally {
      avutil.av_frame_free(picture);
    }
  }

  /** Frees the pictures that nobody will look at. */
  void keepOnly(LongPredicate looked) {
    inside.removeIf(pts -> !looked.test(pts));
    for (Iterator<Map.Entry<Long, AVFrame>> all = kept.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Long, AVFrame> entry = all.next();
      if (!looked.test(entry.getKey())) {
        avutil.av_frame_free(entry.getValue());
        all.remove();
      }
    }
  }

  /** Returns how many pictures came out. */
  private int collect(LongPredicate keep) {
    int count = 0;
    for (AVFrame frame; (frame = decoder.receive()) != null; ) {
      long pts = frame.pts();
      lastOut = anyOut ? Math.max(lastOut, pts) : pts;
      anyOut = true;
      inside.remove(pts);
      if (keep.test(pts) && !kept.containsKey(pts)) {
        AVFrame picture = avutil.av_frame_clone(frame);
        if (picture != null) {
          kept.put(pts, picture);
        }
      }
      count++;
    }
    return count;
  }

  @Override
  public void close() {
    keepOnly(pts -> false);
    decoder.close();
  }
}
