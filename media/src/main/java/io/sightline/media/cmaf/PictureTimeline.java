package io.sightline.media.cmaf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Gives pictures their decode times: the n-th picture in decoding order gets the n-th smallest
 * presentation time minus one constant delay. So decode times rise, a closed GOP begins exactly one
 * delay before its first picture, and recordings join wherever they are cut; sources that give no
 * decode times are no exception.
 *
 * <p>The delay and the reorder depth are learned from the first GOP (or its first second), and a
 * picture is let go when the depth's number of pictures has followed it.
 */
final class PictureTimeline implements Timeline {

  private static final int MAX_DEPTH = 16;
  private static final int LEARNING_PICTURES = 150;
  private static final long LEARNING_BYTES = 8 * 1024 * 1024;

  private record Waiting(long ticks, long duration, SampleFormat.Formatted sample) {}

  private final int timescale;
  private final long nominalTicks;
  private final long longestTicks;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final PriorityQueue<Long> presented = new PriorityQueue<>();
  private long waitingBytes;
  private boolean learned;
  private boolean ended;
  private int depth;
  private long delay;

  private boolean started;
  private long nextDecode;
  private boolean nextAfterGap;

  /**
   * @param declaredDepth how many pictures may precede another in decoding and follow it on screen
   * @param nominalTicks how long a picture is shown as declared; 0 when unknown
   * @param longestTicks a picture shown for longer than this is followed by a gap
   */
  PictureTimeline(int timescale, int declaredDepth, long nominalTicks, long longestTicks) {
    this.timescale = timescale;
    this.depth = Math.min(MAX_DEPTH, Math.max(0, declaredDepth));
    this.nominalTicks = nominalTicks;
    this.longestTicks = longestTicks;
  }

  @Override
  public void add(long presentationTicks, long durationTicks, SampleFormat.Formatted sample) {
    boolean gopEnds = sample.keyframe() && waiting.size() > depth + 1;
    waiting.add(new Waiting(presentationTicks, durationTicks, sample));
    presented.add(presentationTicks);
    waitingBytes += sample.data().length;
    if (!learned
        && (gopEnds
            || waitingBytes > LEARNING_BYTES
            || waiting.size() >= LEARNING_PICTURES
            || presentationTicks - waiting.peek().ticks >= timescale)) {
      learn();
    }
  }

  @Override
  public TimedSample poll() {
    if (!learned || waiting.isEmpty() || (!ended && waiting.size() < depth + 2)) {
      return null;
    }
    Waiting picture = waiting.poll();
    long shown = presented.poll();
    long decode = started ? nextDecode : shown - delay;
    boolean afterGap = started && nextAfterGap;
    started = true;
    long duration;
    if (presented.isEmpty()) {
      duration = lastDuration(picture);
      nextAfterGap = false;
    } else {
      // A source whose times contradict its depth must not make decode times stand still.
      long next = Math.max(presented.peek() - delay, decode + 1);
      nextAfterGap = next - decode > longestTicks;
      duration = nextAfterGap ? Math.min(longestTicks, lastDuration(picture)) : next - decode;
      nextDecode = next;
    }
    boolean leads =
        waiting.stream().anyMatch(later -> later.ticks < picture.ticks) && !picture.sample.clean();
    return new TimedSample(
        Math.max(picture.ticks, decode),
        decode,
        duration,
        picture.sample.keyframe(),
        picture.sample.keyframe() && !leads,
        afterGap,
        picture.sample.config(),
        picture.sample.data());
  }

  @Override
  public void end() {
    ended = true;
    if (!learned) {
      learn();
    }
  }

  @Override
  public long delayTicks() {
    return delay;
  }

  private long lastDuration(Waiting picture) {
    long said = picture.duration > 0 ? picture.duration : nominalTicks;
    return Math.max(1, said > 0 ? said : timescale / 25);
  }

  private void learn() {
    learned = true;
    List<Long> decoded = waiting.stream().map(Waiting::ticks).toList();
    List<Long> shown = new ArrayList<>(decoded);
    Collections.sort(shown);
    long late = 0;
    for (int index = 0; index < decoded.size(); index++) {
      late = Math.max(late, shown.get(index) - decoded.get(index));
      int before = 0;
      for (int earlier = 0; earlier < index; earlier++) {
        before += decoded.get(earlier) > decoded.get(index) ? 1 : 0;
      }
      depth = Math.min(MAX_DEPTH, Math.max(depth, before));
    }
    // Media time has one second of room before the first picture, so no delay may be longer.
    delay = depth == 0 ? 0 : Math.min(timescale, Math.max(late, depth * pictureTicks(shown)));
  }

  /** The median distance, or twice it where pictures come unevenly by up to that. */
  private long pictureTicks(List<Long> shown) {
    List<Long> distances = new ArrayList<>();
    for (int index = 1; index < shown.size(); index++) {
      distances.add(shown.get(index) - shown.get(index - 1));
    }
    if (distances.isEmpty()) {
      return nominalTicks > 0 ? nominalTicks : timescale / 25;
    }
    Collections.sort(distances);
    long median = distances.get(distances.size() / 2);
    return Math.min(distances.get(distances.size() - 1), 2 * median);
  }
}
