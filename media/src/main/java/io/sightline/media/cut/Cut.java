package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.records.ChunkInfo;
import java.io.IOException;
import java.util.List;

/** Cuts clips out of recorded chunks without encoding anything. */
public final class Cut {

  private Cut() {}

  public static CutResult copy(
      String clipId, List<ChunkInfo> chunks, long markIn, long markOut, ByteSource bytes)
      throws MediaException, IOException {
    throw new UnsupportedOperationException();
  }
}
