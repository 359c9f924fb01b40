package io.sightline.clipper;

import io.sightline.clipper.CuttingLanes.Lane;
import io.vertx.core.Future;
import java.util.function.BooleanSupplier;

/**
 * Has clips made when their turn comes. Clips of segments come first; what replays ask to be cut
 * gives way to them, and so does what takes long, whether that is known before or turns out.
 */
final class QueuedClips implements ClipStage.Clipping {

  private final ClipWork work;
  private final ClipMaker maker;
  private final CuttingLanes lanes;

  QueuedClips(ClipWork work, ClipMaker maker, CuttingLanes lanes) {
    this.work = work;
    this.maker = maker;
    this.lanes = lanes;
  }

  @Override
  public Future<Void> clip(WantedClip clip, BooleanSupplier wanted) {
    if (clip.isOrdered() || maker.takesLong(clip)) {
      return aside(clip, wanted);
    }
    return lanes
        .run(Lane.FIRST, clip.segment().stream(), () -> work.clip(clip, false, wanted))
        .recover(
            e ->
                e instanceof TakesLongException
                    ? aside(clip, wanted)
                    : Future.<Void>failedFuture(e));
  }

  /** A stream's own clips have turns beside those that replays want of it. */
  private Future<Void> aside(WantedClip clip, BooleanSupplier wanted) {
    String of = clip.segment().stream() + (clip.isOrdered() ? "/ordered" : "");
    return lanes.run(Lane.ASIDE, of, () -> work.clip(clip, true, wanted));
  }

  @Override
  public Future<Void> cancel(WantedClip clip) {
    return work.cancel(clip);
  }
}
