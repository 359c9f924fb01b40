package io.sightline.media.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The top level of an ISO base media file (ISO/IEC 14496-12), read to tell a file that breaks off
 * from one that was never a video.
 *
 * @param isMedia whether it begins with boxes of such a file
 * @param hasIndex whether there is a whole {@code moov}
 * @param fragmented whether there is a {@code moof}
 * @param announcedBytes where the last box says that it ends; never below {@code sizeBytes}
 * @param sizeBytes of the file
 */
record Mp4Boxes(
    boolean isMedia, boolean hasIndex, boolean fragmented, long announcedBytes, long sizeBytes) {

  // A day of fragments of half a second; a hostile file may hold many more.
  private static final int MAX_BOXES = 400_000;
  private static final Set<String> FIRST =
      Set.of("ftyp", "moov", "mdat", "moof", "styp", "sidx", "free", "skip", "wide", "pnot");

  static Mp4Boxes read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long at = 0;
      boolean isMedia = false;
      boolean index = false;
      boolean fragmented = false;
      ByteBuffer header = ByteBuffer.allocate(16);
      for (int boxes = 0; at < size && boxes < MAX_BOXES; boxes++) {
        header.clear();
        int got = Math.max(0, channel.read(header, at));
        if (got < 8) {
          return new Mp4Boxes(isMedia, index, fragmented, at + 8, size);
        }
        String type = new String(header.array(), 4, 4, StandardCharsets.ISO_8859_1);
        if (boxes == 0) {
          if (!FIRST.contains(type)) {
            break;
          }
          isMedia = true;
        }
        long length = header.getInt(0) & 0xffffffffL;
        if (length == 1 && got >= 16) {
          length = header.getLong(8);
        } else if (length == 0) {
          length = size - at;
        }
        if (length < 8 || length > Long.MAX_VALUE - at) {
          break;
        }
        boolean whole = at + length <= size;
        index |= whole && type.equals("moov");
        fragmented |= type.equals("moof");
        at += length;
      }
      return new Mp4Boxes(isMedia, index, fragmented, Math.max(at, size), size);
    }
  }

  boolean breaksOff() {
    return isMedia && announcedBytes > sizeBytes;
  }
}
