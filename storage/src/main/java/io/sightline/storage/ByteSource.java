package io.sightline.storage;

import java.io.Closeable;
import java.io.IOException;

/** Where the bytes of an object come from. Blocking; read by one thread at a time. */
public interface ByteSource extends Closeable {

  /** The next bytes, exactly so many: they are asked for only as far as there are any. */
  byte[] next(int sizeBytes) throws IOException;

  /** By any thread, also while another one reads; safe to call twice. */
  @Override
  void close() throws IOException;
}
