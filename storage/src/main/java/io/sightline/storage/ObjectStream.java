package io.sightline.storage;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** A range of an object on its way. */
public interface ObjectStream extends ReadStream<Buffer> {

  /** How many bytes will come, in all. */
  long length();

  /** Stops early; safe to call twice and after the end. */
  Future<Void> close();
}
