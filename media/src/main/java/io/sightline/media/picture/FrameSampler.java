package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Sampling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Takes frames of one video track, as JPEG. Which pictures is decided from their times ({@link
 * PictureChooser}); packets wait undecoded until it is, so that only what will be looked at, and
 * what it refers to, is ever decoded. The same packets give the same frames, byte for byte.
 *
 * <p>The first picture that can be decoded is always taken. Damaged pictures are left out, up to
 * the next keyframe, and counted. Decoding runs on the caller's thread, and nothing can interrupt
 * it inside FFmpeg: packets and pictures are bounded in size, but a limit in time on a hostile
 * source must be kept from outside, by whoever can end the process.
 *
 * <p>Not thread-safe; owns native memory until it is closed.
 */
public final class FrameSampler implements AutoCloseable {

  /** What waits for a decision is bounded; beyond, it is decoded without one. */
  private static final long MAX_WAITING_BYTES = 64L << 20;

  private final SourceTrack track;
  private final Sampling sampling;
  private final PictureChooser chooser;
  private final FrameMaker maker;
  private final PictureDecoding decoding;

  /** Null when every picture that is chosen becomes a frame. */
  private final SceneWatch scenes;

  /** In decoding order, not yet in the decoder. */
  private final List<WaitingPacket> waiting = new ArrayList<>();

  /** Times of pictures that are wanted and not yet delivered, in order of show. */
  private final Deque<Long> targets = new ArrayDeque<>();

  private boolean started;
  private long waitingBytes;
  private long failures;

  /** With one thread: no latency, and the processor is left to others. */
  public FrameSampler(SourceTrack track, Sampling sampling, JpegSettings jpeg)
      throws MediaException {
    this(track, sampling, jpeg, 1);
  }

  /**
   * For files that are to be read fast.
   *
   * @param threads of the decoder; more than one delay frames by as many pictures
   * @throws MediaException UNSUPPORTED when the codec cannot be decoded
   */
  public FrameSampler(SourceTrack track, Sampling sampling, JpegSettings jpeg, int threads)
      throws MediaException {
    if (!track.isVideo() || threads < 1) {
      throw new IllegalArgumentException("Frames are taken of a video track, by some thread");
    }
    this.track = track;
    this.sampling = sampling;
    this.chooser = new PictureChooser(sampling, track.timeBase(), track.reorderDepth());
    this.maker = new FrameMaker(track, jpeg);
    this.scenes =
        sampling.kind() == Sampling.Kind.SCENE
            ? new SceneWatch(sampling.change(), track.timeBase(), maker.codedMasks())
            : null;
    this.decoding = new PictureDecoding(track, threads);
  }

  /**
   * Takes the next packet; those of other tracks are ignored.
   *
   * @param frames is given frames in order of show, on this thread, before this returns
   * @throws MediaException UNAVAILABLE when this machine cannot go on; damaged pictures do not
   *     throw
   */
  public void accept(Packet packet, Consumer<SampledFrame> frames) throws MediaException {
    if (packet.track() != track.index() || packet.size() == 0) {
      return;
    }
    long pts = packet.pts() == Packet.ABSENT ? packet.dts() : packet.pts();
    if (pts == Packet.ABSENT || !started && !packet.keyframe()) {
      return;
    }
    started = true;
    if (packet.corrupt()) {
      failures++;
      abandon();
    }
    boolean usable = !packet.corrupt() && packet.size() <= VideoDecoder.MAX_PACKET_BYTES;
    if (sampling.kind() == Sampling.Kind.KEYFRAMES) {
      if (packet.keyframe() && usable && !packet.hidden()) {
        deliverAlone(new WaitingPacket(packet, pts), frames);
      }
      return;
    }
    if (usable && (packet.keyframe() || decoding.canGoOn() || !waiting.isEmpty())) {
      waiting.add(new WaitingPacket(packet.copy(), pts));
      waitingBytes += packet.size();
    }
    if (!packet.hidden()) {
      targets.addAll(chooser.add(pts, packet.dts(), packet.keyframe()));
    }
    deliver(frames, false);
    prune();
    if (waitingBytes > MAX_WAITING_BYTES) {
      feedAll();
    }
  }

  /** Delivers what is still to come after the last packet. The sampler can then only be closed. */
  public void finish(Consumer<SampledFrame> frames) throws MediaException {
    targets.addAll(chooser.finish());
    deliver(frames, true);
  }

  /** Frames that could not be delivered, and damaged stretches of the source, so far. */
  public long failures() {
    return failures;
  }

  private void deliver(Consumer<SampledFrame> frames, boolean last) throws MediaException {
    decoding.keepOnly(pts -> targets.contains(pts) || chooser.isUndecided(pts));
    while (!targets.isEmpty()) {
      long target = targets.peek();
      int index = indexOf(target);
      if (index < 0 && !decoding.holds(target)) {
        failures++;
      } else if (index >= 0 && scenes == null && passedOn(index, frames)) {
        drop(index);
      } else if (index >= 0
          && waiting.get(index).keyframe()
          && (chooser.keyframesAlone() || maker.takesJpeg())) {
        drop(index);
        deliverAlone(waiting.get(0), frames);
      } else if (!decode(target, index, frames, last)) {
        return;
      }
      targets.remove();
    }
  }

  /** Returns false when the picture needs packets that are still to come. */
  private boolean decode(long target, int index, Consumer<SampledFrame> frames, boolean last)
      throws MediaException {
    if (index >= 0) {
      startFor(target, index);
    }
    while (!decoding.has(target) && !decoding.isPast(target)) {
      if (waiting.isEmpty() && last && decoding.canGoOn()) {
        decoding.drain(this::mayBeLookedAt);
        break;
      }
      if (waiting.isEmpty()) {
        if (decoding.canGoOn()) {
          decoding.release(target, this::mayBeLookedAt);
        }
        // A decoder that cannot go on has lost it.
        if (decoding.canGoOn() && !last && !decoding.has(target)) {
          return false;
        }
        break;
      }
      feedNext();
    }
    look(target, Optional::empty, frames);
    return true;
  }

  /** Goes to the last keyframe from which the picture can be decoded. */
  private void startFor(long target, int index) {
    for (int i = index; i >= 0; i--) {
      if (waiting.get(i).keyframe() && waiting.get(i).pts() <= target) {
        if (i > 0 || !decoding.canGoOn()) {
          drop(i);
          decoding.restart();
        }
        return;
      }
    }
  }

  private void feedNext() throws MediaException {
    WaitingPacket next = waiting.get(0);
    drop(1);
    if (!decoding.feed(next, mayBeLookedAt(next.pts()), this::mayBeLookedAt)) {
      failures++;
      abandonUpToKeyframe();
    }
  }

  private void feedAll() throws MediaException {
    if (!decoding.canGoOn()) {
      decoding.restart();
    }
    while (!waiting.isEmpty()) {
      feedNext();
    }
  }

  private boolean mayBeLookedAt(long pts) {
    return targets.contains(pts) || chooser.isUndecided(pts);
  }

  /** Decodes a keyframe and nothing else, so that no reordering holds it back. */
  private void deliverAlone(WaitingPacket keyframe, Consumer<SampledFrame> frames)
      throws MediaException {
    Optional<SampledFrame> frame = scenes == null ? passedOn(keyframe) : Optional.empty();
    if (frame.isPresent()) {
      frames.accept(frame.get());
      return;
    }
    decoding.startAlone(keyframe);
    boolean taken = decoding.feed(keyframe, true, pts -> pts == keyframe.pts());
    if (!taken || !decoding.has(keyframe.pts())) {
      decoding.drain(pts -> pts == keyframe.pts());
    }
    look(keyframe.pts(), () -> passedOn(keyframe), frames);
    decoding.stopAlone();
  }

  /**
   * Makes a frame of a decoded picture, if it is worth one.
   *
   * @param asItIs the same picture as the source sends it, where that can be passed on
   */
  private void look(
      long pts, Supplier<Optional<SampledFrame>> asItIs, Consumer<SampledFrame> frames)
      throws MediaException {
    boolean sound =
        decoding.take(
            pts,
            picture -> {
              if (scenes == null || scenes.isNew(picture, pts)) {
                Optional<SampledFrame> frame = asItIs.get();
                frames.accept(frame.isPresent() ? frame.get() : maker.of(picture, pts));
              }
            });
    failures += sound ? 0 : 1;
  }

  private boolean passedOn(int index, Consumer<SampledFrame> frames) {
    Optional<SampledFrame> frame = passedOn(waiting.get(index));
    frame.ifPresent(frames);
    return frame.isPresent();
  }

  private Optional<SampledFrame> passedOn(WaitingPacket packet) {
    try {
      return maker.passedOn(packet.packet(), packet.pts());
    } catch (MediaException e) {
      // No JPEG by its markers; the decoder has the last word.
      return Optional.empty();
    }
  }

  /** Lets go of what lies before the last keyframe once nothing there can be wanted any more. */
  private void prune() {
    for (int i = waiting.size() - 1; i > 0 && targets.isEmpty(); i--) {
      WaitingPacket candidate = waiting.get(i);
      if (candidate.keyframe()
          && !chooser.isUndecided(candidate.pts())
          && !chooser.hasUndecidedBefore(candidate.pts())) {
        drop(i);
        decoding.stop();
        return;
      }
    }
  }

  private void abandon() {
    drop(waiting.size());
    decoding.stop();
  }

  private void abandonUpToKeyframe() {
    int keyframe = 0;
    while (keyframe < waiting.size() && !waiting.get(keyframe).keyframe()) {
      keyframe++;
    }
    drop(keyframe);
    decoding.stop();
    if (!waiting.isEmpty()) {
      decoding.restart();
    }
  }

  private int indexOf(long pts) {
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).pts() == pts) {
        return i;
      }
    }
    return -1;
  }

  private void drop(int count) {
    List<WaitingPacket> dropped = waiting.subList(0, count);
    for (WaitingPacket packet : dropped) {
      waitingBytes -= packet.packet().size();
    }
    dropped.clear();
  }

  @Override
  public void close() {
    decoding.close();
  }
}
