package io.sightline.storage;

import io.vertx.core.buffer.Buffer;
import java.io.Closeable;
import java.io.IOException;

/** Where the bytes of a new object go to. Blocking; one call at a time, by any thread. */
public interface ByteSink extends Closeable {

  void write(Buffer block) throws IOException;

  /** After the last block: from now on the object is there, whole and for good. */
  void finish() throws IOException;

  /** Takes back what was not finished, and releases what it needed. */
  @Override
  void close() throws IOException;
}
