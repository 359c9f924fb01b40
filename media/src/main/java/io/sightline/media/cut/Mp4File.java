package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.records.ClipIndex;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a clip or a reel as one progressive MP4 file. */
public final class Mp4File {

  private Mp4File() {}

  public static void write(ClipIndex index, ByteSource bytes, OutputStream out)
      throws MediaException, IOException {
    throw new UnsupportedOperationException();
  }
}
