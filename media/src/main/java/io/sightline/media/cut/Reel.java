package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.records.ClipIndex;
import java.util.List;

/** Joins clips to a reel on one timeline. */
public final class Reel {

  private Reel() {}

  public static ClipIndex join(String id, List<ClipIndex> clips) throws MediaException {
    throw new UnsupportedOperationException();
  }
}
