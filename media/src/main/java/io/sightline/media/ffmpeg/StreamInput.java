package io.sightline.media.ffmpeg;

import io.sightline.media.MediaException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Bytes that come by and by, as a source that FFmpeg reads from its beginning to its end. Used by
 * one thread; owns native memory until closed.
 */
public final class StreamInput implements CustomInput {

  /** Where the bytes come from. */
  public interface Feed {

    /** At its end. */
    int END = -1;

    /** Where whoever reads does not wait any longer. */
    int GIVEN_UP = -2;

    /**
     * Waits for bytes.
     *
     * @return how many there are now in the buffer; or {@link #END} or {@link #GIVEN_UP}
     */
    int read(byte[] buffer, int length);
  }

  private static final int BUFFER_BYTES = 32 * 1024;
  private static final Map<Long, StreamInput> INPUTS = new ConcurrentHashMap<>();

  // One for the whole process, because native function pointers are few; never freed.
  private static final Read READ = new Read();

  private final Feed feed;
  private final byte[] bytes = new byte[BUFFER_BYTES];
  private final BytePointer handle = new BytePointer(1);
  private final AVIOContext context;

  public StreamInput(Feed feed) throws MediaException {
    this.feed = feed;
    Pointer buffer = FfmpegError.allocated(avutil.av_malloc(BUFFER_BYTES));
    Write_packet_Pointer_BytePointer_int noWriting = null;
    Seek_Pointer_long_int noSeeking = null;
    context =
        avformat.avio_alloc_context(
            new BytePointer(buffer), BUFFER_BYTES, 0, handle, READ, noWriting, noSeeking);
    if (context == null) {
      avutil.av_free(buffer);
      handle.close();
    }
    FfmpegError.allocated(context);
    INPUTS.put(handle.address(), this);
  }

  @Override
  public AVIOContext context() {
    return context;
  }

  @Override
  public void close() {
    INPUTS.remove(handle.address());
    // FFmpeg may have replaced the buffer by another.
    avutil.av_free(context.buffer());
    avformat.avio_context_free(context);
    handle.close();
  }

  private int read(BytePointer target, int length) {
    int count = feed.read(bytes, Math.min(length, BUFFER_BYTES));
    if (count > 0) {
      target.put(bytes, 0, count);
      return count;
    }
    return count == Feed.END ? avutil.AVERROR_EOF() : avutil.AVERROR_EXIT();
  }

  private static final class Read extends Read_packet_Pointer_BytePointer_int {

    Read() {
      super();
    }

    @Override
    public int call(Pointer opaque, BytePointer buffer, int length) {
      // Nothing may be thrown into native code.
      try {
        return INPUTS.get(opaque.address()).read(buffer, length);
      } catch (RuntimeException e) {
        return avutil.AVERROR_EXTERNAL();
      }
    }
  }
}
