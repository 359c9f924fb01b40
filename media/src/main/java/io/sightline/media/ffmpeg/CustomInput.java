package io.sightline.media.ffmpeg;

import org.bytedeco.ffmpeg.avformat.AVIOContext;

/** Bytes that FFmpeg reads from here instead of opening something itself. */
public interface CustomInput extends AutoCloseable {

  /** For {@code AVFormatContext.pb}; stays this object's. */
  AVIOContext context();

  /** After the context that reads it. */
  @Override
  void close();
}
