package io.sightline.media.hls;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.records.ClipIndex;
import java.io.IOException;
import java.nio.file.Path;

/** Writes a clip or replay as a folder of HLS files. */
public final class HlsExport {

  private HlsExport() {}

  /**
   * Writes {@code master.m3u8} and everything that it leads to.
   *
   * @param folder is made when it does not exist
   */
  public static void write(ClipIndex index, ByteSource bytes, Path folder)
      throws MediaException, IOException {
    throw new UnsupportedOperationException();
  }
}
