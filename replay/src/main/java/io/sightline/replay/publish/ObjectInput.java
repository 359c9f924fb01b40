package io.sightline.replay.publish;

import io.sightline.media.cut.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Bytes of a stored object as a stream, a block at a time. */
final class ObjectInput extends InputStream {

  private static final int BLOCK_BYTES = 8_000_000;

  private final ByteSource objects;
  private final String key;
  private final long end;
  private byte[] block = new byte[0];
  private int at;
  private long next;

  ObjectInput(ByteSource objects, String key, long offset, long length) {
    this.objects = objects;
    this.key = key;
    this.next = offset;
    this.end = offset + length;
  }

  @Override
  public int read() throws IOException {
    return fill() ? block[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, into.length);
    if (count == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int some = Math.min(count, block.length - at);
    System.arraycopy(block, at, into, offset, some);
    at += some;
    return some;
  }

  private boolean fill() throws IOException {
    if (at < block.length) {
      return true;
    }
    if (next >= end) {
      return false;
    }
    block = objects.read(key, next, Math.min(BLOCK_BYTES, end - next));
    if (block.length == 0) {
      throw new IOException("The object " + key + " breaks off");
    }
    next += block.length;
    at = 0;
    return true;
  }
}
