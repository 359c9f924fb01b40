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
 * Byte arrays, one after the other, as a file that FFmpeg can read. Used by one thread at a time;
 * owns native memory until closed, which must be after the context that reads it.
 */
public final class MemoryInput implements CustomInput {

  private static final int BUFFER_BYTES = 32 * 1024;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_END = 2;
  private static final Map<Long, MemoryInput> INPUTS = new ConcurrentHashMap<>();

  // One for the whole process, because native function pointers are few; never freed.
  private static final Read READ = new Read();
  private static final Seek SEEK = new Seek();

  private final byte[][] parts;
  private final long size;
  private final BytePointer handle = new BytePointer(1);
  private final AVIOContext context;

  private long position;

  /**
   * Opens byte arrays.
   *
   * @param parts not to be changed while this is open
   */
  public MemoryInput(byte[]... parts) throws MediaException {
    this.parts = parts.clone();
    long total = 0;
    for (byte[] part : parts) {
      total += part.length;
    }
    size = total;
    Pointer buffer = FfmpegError.allocated(avutil.av_malloc(BUFFER_BYTES));
    Write_packet_Pointer_BytePointer_int noWriting = null;
    context =
        avformat.avio_alloc_context(
            new BytePointer(buffer), BUFFER_BYTES, 0, handle, READ, noWriting, SEEK);
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
    long at = position;
    for (byte[] part : parts) {
      if (at < part.length) {
        int count = (int) Math.min(length, part.length - at);
        target.put(part, (int) at, count);
        position += count;
        return count;
      }
      at -= part.length;
    }
    return avutil.AVERROR_EOF();
  }

  private long seek(long offset, int whence) {
    long target;
    switch (whence & ~avformat.AVSEEK_FORCE) {
      case SEEK_SET:
        target = offset;
        break;
      case SEEK_CUR:
        target = position + offset;
        break;
      case SEEK_END:
        target = size + offset;
        break;
      case avformat.AVSEEK_SIZE:
        return size;
      default:
        return -1;
    }
    if (target < 0 || target > size) {
      return -1;
    }
    position = target;
    return target;
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

  private static final class Seek extends Seek_Pointer_long_int {

    Seek() {
      super();
    }

    @Override
    public long call(Pointer opaque, long offset, int whence) {
      try {
        return INPUTS.get(opaque.address()).seek(offset, whence);
      } catch (RuntimeException e) {
        return avutil.AVERROR_EXTERNAL();
      }
    }
  }
}
