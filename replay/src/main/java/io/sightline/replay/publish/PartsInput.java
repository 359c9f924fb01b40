package io.sightline.replay.publish;

import io.sightline.media.cut.ByteSource;
import io.sightline.media.hls.MediaPart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** A file that is composed of parts as a stream; what is stored is read a block at a time. */
final class PartsInput extends InputStream {

  private final Iterator<MediaPart> parts;
  private final ByteSource objects;
  private InputStream part = InputStream.nullInputStream();

  PartsInput(List<MediaPart> parts, ByteSource objects) {
    this.parts = parts.iterator();
    this.objects = objects;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, into.length);
    if (count == 0) {
      return 0;
    }
    while (true) {
      int some = part.read(into, offset, count);
      if (some >= 0 || !parts.hasNext()) {
        return some;
      }
      part = open(parts.next());
    }
  }

  private InputStream open(MediaPart next) {
    return next instanceof MediaPart.Range range
        ? new ObjectInput(objects, range.key(), range.offset(), range.length())
        : new ByteArrayInputStream(((MediaPart.Bytes) next).content());
  }
}
