package io.sightline.bench.cut;

import io.sightline.bench.PictureNumbers;
import io.sightline.bench.Workbench;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.hls.HlsExport;
import io.sightline.records.ClipIndex;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has clips played by the ffmpeg that comes with the product, and looks at every picture. */
final class ClipJudge {

  /** As what a clip is played. */
  enum Form {
    MP4,
    HLS
  }

  private static final String STRICT = "crccheck+bitstream+buffer+explode";

  private final Workbench bench;

  ClipJudge(Workbench bench) {
    this.bench = bench;
  }

  /**
   * How many pictures are wrong: missing, too many, in another's place. Anything that the player
   * complains of counts as one more.
   *
   * @param expected the numbers of the pictures that the clip has to show, in order
   */
  int wrong(ClipIndex clip, ByteSource bytes, Form form, List<Integer> expected) throws Exception {
    Path folder = bench.emptied("judged");
    Path strips = folder.resolve("strips");
    List<String> arguments = new ArrayList<>(List.of("-xerror", "-err_detect", STRICT));
    arguments.addAll(List.of("-i", written(clip, bytes, form, folder).toString()));
    arguments.addAll(List.of("-map", "0:v:0"));
    arguments.addAll(PictureNumbers.strips(strips));
    arguments.addAll(List.of("-map", "0:a?", "-f", "null", "-"));
    List<String> complaints = bench.ffmpeg().complaints(arguments);
    List<Integer> shown = Files.exists(strips) ? PictureNumbers.read(strips) : List.of();
    int wrong = differences(shown, expected);
    if (wrong > 0 || !complaints.isEmpty()) {
      bench.progress().say(form + " of " + clip.clip() + ": " + wrong + " wrong " + complaints);
    }
    return wrong + complaints.size();
  }

  private static Path written(ClipIndex clip, ByteSource bytes, Form form, Path folder)
      throws Exception {
    if (form == Form.HLS) {
      HlsExport.write(clip, bytes, folder.resolve("hls"));
      return folder.resolve("hls/master.m3u8");
    }
    Path file = folder.resolve("clip.mp4");
    try (OutputStream out = Files.newOutputStream(file)) {
      Mp4File.write(clip, bytes, out);
    }
    return file;
  }

  /** In how many places two lists differ. */
  static int differences(List<Integer> shown, List<Integer> expected) {
    int common = Math.min(shown.size(), expected.size());
    int wrong = Math.max(shown.size(), expected.size()) - common;
    for (int at = 0; at < common; at++) {
      wrong += shown.get(at).equals(expected.get(at)) ? 0 : 1;
    }
    return wrong;
  }
}
