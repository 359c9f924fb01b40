package io.sightline.media.cut;

import java.io.IOException;

/** Where pieces made for a clip are stored. Called on the caller's thread. */
@FunctionalInterface
public interface ObjectSink {

  /** Stores an object; one with the same key is replaced. */
  void put(NewObject object) throws IOException;
}
