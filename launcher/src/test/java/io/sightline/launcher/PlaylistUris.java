package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What HLS playlists name: their own lines, and the headers and tracks inside their tags. */
final class PlaylistUris {

  /** Of EXT-X-MAP, EXT-X-MEDIA and others; that of EXT-X-STREAM-INF is a line of its own. */
  private static final Pattern ATTRIBUTE = Pattern.compile("[:,]URI=\"([^\"]*)\"");

  private PlaylistUris() {}

  static List<String> of(List<String> playlist) {
    List<String> named = new ArrayList<>();
    for (String line : playlist) {
      if (!line.startsWith("#") && !line.isBlank()) {
        named.add(line);
      }
      Matcher attribute = ATTRIBUTE.matcher(line.startsWith("#EXT") ? line : "");
      while (attribute.find()) {
        named.add(attribute.group(1));
      }
    }
    return named;
  }

  /**
   * Everything that the playlists in a folder name is there, and is no empty file.
   *
   * @return how much they name
   */
  static int assertNothingDangles(Path web) throws IOException {
    if (!Files.exists(web)) {
      return 0;
    }
    List<Path> playlists;
    try (Stream<Path> all = Files.walk(web)) {
      playlists = all.filter(path -> path.toString().endsWith(".m3u8")).toList();
    } catch (UncheckedIOException e) {
      return 0; // A version went meanwhile.
    }
    int count = 0;
    for (Path playlist : playlists) {
      List<String> lines;
      try {
        lines = Files.readAllLines(playlist);
      } catch (NoSuchFileException e) {
        continue; // It went meanwhile, and what it names goes after it.
      }
      for (String uri : of(lines)) {
        assertThat(playlist.resolveSibling(uri))
            .as("named in %s", playlist)
            .satisfiesAnyOf(
                named -> assertThat(named).isNotEmptyFile(),
                named -> assertThat(playlist).doesNotExist());
        count++;
      }
    }
    return count;
  }
}
