package io.sightline.media.ffmpeg;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Ends FFmpeg's blocking calls: at a deadline, which is set before each, or when interrupted.
 * FFmpeg asks while it waits for a network, between the addresses of a host and between reads; it
 * does not ask while a name is being looked up.
 */
public final class Watch implements AutoCloseable {

  private static final Duration CLOSING = Duration.ofSeconds(1);
  private static final Map<Long, Watch> WATCHES = new ConcurrentHashMap<>();

  // One for the whole process, because native function pointers are few; never freed.
  private static final Ask ASK = new Ask();

  // Its address tells FFmpeg's questions apart.
  private final BytePointer handle = new BytePointer(1);

  private final BooleanSupplier stop;

  private volatile long deadlineNanos;
  private volatile boolean interrupted;
  private volatile boolean closing;

  /**
   * @param stop asked from the thread that is blocked; true ends the call as an interrupt does
   */
  public Watch(BooleanSupplier stop) {
    this.stop = stop;
    WATCHES.put(handle.address(), this);
  }

  /** Has a context ask this watch. The watch must be closed after the context. */
  public void over(AVFormatContext context) {
    context.interrupt_callback().callback(ASK).opaque(handle);
  }

  /** Gives the next call so much time. */
  public void start(Duration limit) throws MediaException {
    if (interrupted()) {
      throw new MediaException(Reason.TIMEOUT, "The source was interrupted");
    }
    deadlineNanos = System.nanoTime() + limit.toNanos();
  }

  /** Ends the running call and all later ones; from any thread. */
  public void interrupt() {
    interrupted = true;
  }

  public boolean interrupted() {
    return interrupted || stop.getAsBoolean();
  }

  /** Gives the call that closes a context a moment, interrupted or not. */
  public void last() {
    closing = true;
    deadlineNanos = System.nanoTime() + CLOSING.toNanos();
  }

  @Override
  public void close() {
    WATCHES.remove(handle.address());
    handle.close();
  }

  /** Whether the running call should end. */
  public boolean ended() {
    return !closing && interrupted() || System.nanoTime() - deadlineNanos > 0;
  }

  private static final class Ask extends AVIOInterruptCB.Callback_Pointer {

    Ask() {
      super();
    }

    @Override
    public int call(Pointer opaque) {
      // Nothing may be thrown into native code.
      try {
        Watch watch = opaque == null ? null : WATCHES.get(opaque.address());
        return watch != null && watch.ended() ? 1 : 0;
      } catch (RuntimeException e) {
        return 1;
      }
    }
  }
}
