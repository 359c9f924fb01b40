package io.sightline.media.hls;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.records.ClipIndex;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a clip or replay as a folder of HLS files: the same bytes that would be delivered. */
public final class HlsExport {

  private static final int BLOCK_BYTES = 1024 * 1024;

  private HlsExport() {}

  /**
   * Writes {@code master.m3u8} and everything that it leads to; the master comes last, so that a
   * folder with one is complete.
   *
   * @param folder is made when it does not exist
   * @throws MediaException MALFORMED when recorded bytes are not what the index says
   * @throws IOException when {@code bytes} fails or the folder cannot be written
   */
  public static void write(ClipIndex index, ByteSource bytes, Path folder)
      throws MediaException, IOException {
    Files.createDirectories(folder);
    List<String> names = new ArrayList<>(ReelPlaylists.mediaNames(index, true));
    names.addAll(ReelPlaylists.playlistNames(index));
    names.add(ReelPlaylists.MASTER);
    for (String name : names) {
      ReelFile file =
          ReelPlaylists.file(index, name, true, bytes)
              .orElseThrow(() -> new FileNotFoundException("The reel has no file " + name));
      try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
        copy(file, bytes, out);
      }
    }
  }

  /**
   * Writes one file of a reel.
   *
   * @throws IOException when {@code bytes} fails or what is written to does
   */
  public static void copy(ReelFile file, ByteSource bytes, OutputStream out) throws IOException {
    for (MediaPart part : file.parts()) {
      if (part instanceof MediaPart.Bytes made) {
        out.write(made.content());
      } else if (part instanceof MediaPart.Range range) {
        for (long done = 0; done < range.length(); ) {
          long count = Math.min(BLOCK_BYTES, range.length() - done);
          byte[] block = bytes.read(range.key(), range.offset() + done, count);
          if (block.length == 0) {
            throw new IOException("The object " + range.key() + " breaks off");
          }
          out.write(block);
          done += block.length;
        }
      }
    }
  }
}
