package io.sightline.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file, from an offset on. */
final class FileSource implements ByteSource {

  private final FileChannel file;
  private long position;

  FileSource(FileChannel file, long offset) {
    this.file = file;
    this.position = offset;
  }

  @Override
  public byte[] next(int sizeBytes) throws IOException {
    byte[] bytes = new byte[sizeBytes];
    ByteBuffer into = ByteBuffer.wrap(bytes);
    while (into.hasRemaining()) {
      int read = file.read(into, position);
      if (read < 0) {
        throw new EOFException("The file ends at " + position);
      }
      position += read;
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
