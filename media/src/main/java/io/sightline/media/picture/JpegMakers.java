package io.sightline.media.picture;

import io.sightline.media.MediaException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Makers of JPEG that all streams of this process share. One for 1920x1080 holds about 25 MB of
 * native memory and is busy for some milliseconds a frame: with one for each camera the memory of
 * an agent would be theirs. As many work at one time as there are processors, about, and so many
 * are kept, the last used ones; who finds all of them at work waits. Without that bound, threads
 * that share a busy processor would each make one of their own and throw it away again, which costs
 * more than the frame, and what is late would become later. Safe for use by any thread.
 */
final class JpegMakers {

  /**
   * For which pictures a maker has its buffers.
   *
   * @param format the pixel format, a number of FFmpeg's
   */
  private record Kind(int quantizer, int width, int height, int format, PictureShape shape) {}

  private record Resting(Kind kind, JpegMaker maker) {}

  /** Decoding takes the rest of the processors. */
  private static final int MOST = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private static final Semaphore AT_WORK = new Semaphore(MOST, true);

  /** The last used first. Guarded by itself. */
  private static final Deque<Resting> RESTING = new ArrayDeque<>();

  private JpegMakers() {}

  /**
   * A picture as JPEG.
   *
   * @param picture stays the caller's; its description may be changed
   */
  static byte[] make(AVFrame picture, PictureShape shape, PictureMask mask, int quantizer)
      throws MediaException {
    Kind kind = new Kind(quantizer, picture.width(), picture.height(), picture.format(), shape);
    AT_WORK.acquireUninterruptibly();
    try {
      return make(kind, picture, shape, mask);
    } finally {
      AT_WORK.release();
    }
  }

  private static byte[] make(Kind kind, AVFrame picture, PictureShape shape, PictureMask mask)
      throws MediaException {
    JpegMaker maker = take(kind);
    byte[] jpeg;
    try {
      jpeg = maker.make(picture, shape, mask);
    } catch (MediaException | RuntimeException e) {
      // In what state it is, nobody knows.
      maker.close();
      throw e;
    }
    give(new Resting(kind, maker));
    return jpeg;
  }

  private static JpegMaker take(Kind kind) throws MediaException {
    synchronized (RESTING) {
      for (Iterator<Resting> all = RESTING.iterator(); all.hasNext(); ) {
        Resting resting = all.next();
        if (resting.kind().equals(kind)) {
          all.remove();
          return resting.maker();
        }
      }
    }
    return new JpegMaker(kind.quantizer());
  }

  private static void give(Resting used) {
    Resting longest = null;
    synchronized (RESTING) {
      RESTING.addFirst(used);
      if (RESTING.size() > MOST) {
        longest = RESTING.removeLast();
      }
    }
    if (longest != null) {
      longest.maker().close();
    }
  }
}
