package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipFolder;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.Positions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The HLS files of a replay (RFC 8216): where jobs write them, whether all is there that playlists
 * name, and playlists over those of several jobs. Blocking; one thread.
 */
final class HlsFiles {

  static final String MASTER = "hls/index.m3u8";

  private static final String TYPE = "application/vnd.apple.mpegurl";
  private static final String LENGTH = "#EXTINF:";
  private static final String TARGET = "#EXT-X-TARGETDURATION:";
  private static final String END = "#EXT-X-ENDLIST";

  /** Beside each other: what lies elsewhere is not checked here, nor delivered. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}");

  /** Sound may end a little before or after the pictures. */
  private static final double TOLERATED_SECONDS = 1;

  private final ClipFolder folder;
  private final Submission submission;
  private final int sizes;
  private final Set<String> names;

  /**
   * @param sizes how many there are to be
   */
  HlsFiles(ClipFolder folder, Submission submission, int sizes) throws IOException {
    this.folder = folder;
    this.submission = submission;
    this.sizes = sizes;
    this.names = new HashSet<>(folder.names("hls/"));
  }

  /** Where the job of a part writes them, without an extension. */
  static String destination(Submission submission, int part) {
    return home(submission, part) + "index";
  }

  private static String home(Submission submission, int part) {
    return submission.parts() == 1 ? "hls/" : "hls/part-" + part + "/";
  }

  /**
   * Checks what is there, and joins what several jobs wrote.
   *
   * @throws MediaException MALFORMED when playlists name what is not there, or not all of it
   */
  void settle() throws MediaException, IOException {
    List<List<String>> masters = new ArrayList<>();
    for (int part = 0; part < submission.parts(); part++) {
      masters.add(master(part));
    }
    if (submission.parts() > 1) {
      for (String variant : uris(masters.get(0))) {
        put("hls/" + variant, joined(variant));
      }
      put(MASTER, masters.get(0));
    }
  }

  /** The lines of a part's master playlist, all of whose files are there. */
  private List<String> master(int part) throws MediaException, IOException {
    String home = home(submission, part);
    List<String> master = lines(home + "index.m3u8");
    List<String> variants = uris(master);
    if (variants.size() != sizes) {
      throw malformed(
          home
              + "index.m3u8 leads to "
              + variants.size()
              + " sizes where "
              + sizes
              + " were asked for");
    }
    double expected = 0;
    for (JobInput input : submission.part(part)) {
      expected += Positions.seconds(input.durationMicros());
    }
    for (String variant : variants) {
      List<String> lines = lines(home + variant);
      for (String segment : uris(lines)) {
        requireThere(home + segment);
      }
      double seconds = seconds(lines, home + variant);
      if (Math.abs(seconds - expected) > TOLERATED_SECONDS) {
        throw malformed(
            home + variant + " plays " + seconds + " s where " + expected + " s were asked for");
      }
    }
    return master;
  }

  /** One size over all parts; where another job's files begin, times and headers do, too. */
  private List<String> joined(String variant) throws MediaException, IOException {
    List<String> joined = new ArrayList<>();
    double target = 1;
    for (int part = 0; part < submission.parts(); part++) {
      boolean media = false;
      for (String line : lines(home(submission, part) + variant)) {
        media |= line.startsWith(LENGTH);
        if (line.startsWith(TARGET)) {
          target = Math.max(target, number(line.substring(TARGET.length()), variant));
        } else if (isUri(line)) {
          joined.add("part-" + part + "/" + line);
        } else if (!line.equals(END) && (part == 0 || media)) {
          joined.add(line);
        }
      }
      joined.add("#EXT-X-DISCONTINUITY");
    }
    joined.set(joined.size() - 1, END);
    joined.add(1, TARGET + (long) target);
    return joined;
  }

  private List<String> lines(String name) throws MediaException, IOException {
    requireThere(name);
    String text =
        new String(folder.find(name).orElseThrow(() -> missing(name)), StandardCharsets.UTF_8);
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty() || !lines.get(0).equals("#EXTM3U")) {
      throw malformed(name + " is no playlist");
    }
    return lines;
  }

  private static List<String> uris(List<String> lines) throws MediaException {
    List<String> uris = lines.stream().filter(HlsFiles::isUri).toList();
    for (String uri : uris) {
      if (!NAME.matcher(uri).matches()) {
        throw malformed("a playlist names " + ServiceFailures.line(uri) + ", outside its folder");
      }
    }
    return uris;
  }

  private static boolean isUri(String line) {
    return !line.startsWith("#");
  }

  private static double seconds(List<String> lines, String name) throws MediaException {
    double seconds = 0;
    for (String line : lines) {
      if (line.startsWith(LENGTH)) {
        seconds += number(line.substring(LENGTH.length()).split(",", 2)[0], name);
      }
    }
    return seconds;
  }

  private static double number(String text, String name) throws MediaException {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw malformed(name + " says " + ServiceFailures.line(text) + " where a number stands");
    }
  }

  private void requireThere(String name) throws MediaException {
    if (!names.contains(name)) {
      throw missing(name);
    }
  }

  private static MediaException missing(String name) {
    return malformed(name + " is not there, though it is named");
  }

  private void put(String name, List<String> lines) throws IOException {
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    folder.put(name, text, TYPE);
  }

  private static MediaException malformed(String what) {
    return new MediaException(Reason.MALFORMED, "MediaConvert's HLS files are not whole: " + what);
  }
}
