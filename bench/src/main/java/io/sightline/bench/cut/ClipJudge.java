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

/**
 * Has clips played by the ffmpeg that comes with the product, and looks at every picture. Many are
 * played by one process, since to start one takes longer than to play a short clip; what is wrong
 * is played again alone, to tell whose it is.
 */
final class ClipJudge {

  /** As what a clip is played. */
  enum Form {
    MP4,
    HLS
  }

  /** A clip that waits, written as a player gets it. */
  private record Written(String clip, Form form, Path played, List<Integer> expected) {

    Path strips() {
      return played.resolveSibling("strips");
    }
  }

  private static final String STRICT = "crccheck+bitstream+buffer+explode";
  private static final int TOGETHER = 24;

  private final Workbench bench;
  private final List<Written> waiting = new ArrayList<>();
  private Path folder;

  ClipJudge(Workbench bench) {
    this.bench = bench;
  }

  /**
   * Takes a clip, which is written at once.
   *
   * @param expected the numbers of the pictures that it has to show, in order
   * @return how many pictures of those taken so far were found to be wrong by this call: missing,
   *     too many, in another's place. Anything that the player complains of counts as one more
   */
  int add(ClipIndex clip, ByteSource bytes, Form form, List<Integer> expected) throws Exception {
    if (waiting.isEmpty()) {
      folder = bench.emptied("judged");
    }
    Path own = Files.createDirectory(folder.resolve(Integer.toString(waiting.size())));
    waiting.add(new Written(clip.clip(), form, written(clip, bytes, form, own), expected));
    return waiting.size() < TOGETHER ? 0 : finish();
  }

  /** Plays those that wait; how many pictures of them are wrong. */
  int finish() throws Exception {
    List<Written> clips = List.copyOf(waiting);
    waiting.clear();
    if (clips.isEmpty() || play(clips).isEmpty() && wrong(clips) == 0) {
      return 0;
    }
    int wrong = 0;
    for (Written clip : clips) {
      List<String> complaints = play(List.of(clip));
      int pictures = wrong(List.of(clip));
      if (pictures > 0 || !complaints.isEmpty()) {
        bench
            .progress()
            .say(clip.form + " of " + clip.clip + ": " + pictures + " wrong " + complaints);
      }
      wrong += pictures + complaints.size();
    }
    return wrong;
  }

  private List<String> play(List<Written> clips) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-xerror"));
    for (Written clip : clips) {
      Files.deleteIfExists(clip.strips());
      arguments.addAll(List.of("-threads", "1", "-err_detect", STRICT));
      arguments.addAll(List.of("-i", clip.played.toString()));
    }
    for (int input = 0; input < clips.size(); input++) {
      arguments.addAll(List.of("-map", input + ":v:0"));
      arguments.addAll(PictureNumbers.strips(clips.get(input).strips()));
      arguments.addAll(List.of("-map", input + ":a?", "-f", "null", "-"));
    }
    return bench.ffmpeg().complaints(arguments);
  }

  private static int wrong(List<Written> clips) throws Exception {
    int wrong = 0;
    for (Written clip : clips) {
      Path strips = clip.strips();
      List<Integer> shown = Files.exists(strips) ? PictureNumbers.read(strips) : List.of();
      wrong += differences(shown, clip.expected);
    }
    return wrong;
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
