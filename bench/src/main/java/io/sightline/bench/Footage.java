package io.sightline.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is worked on: a moving test picture of 1920x1080 with a little noise, and a tone. Pictures
 * of recordings carry their number ({@link PictureNumbers}). Made anew for each run, from nothing,
 * so that anybody can repeat it; kept until the run ends.
 */
public final class Footage {

  /** Length of the recordings. */
  public static final int SECONDS = 60;

  /** Length of the film of single pictures, and how many of them a second: a usual MJPEG camera. */
  public static final int JPEG_SECONDS = 30;

  public static final int JPEGS_PER_SECOND = 10;

  /** Pictures a second in the recordings. */
  public static final int RATE = 30;

  /** So much is encoded; the rest repeats it. */
  private static final int ENCODED_SECONDS = 20;

  private static final String PICTURES = "testsrc2=size=1920x1080:rate=%d,noise=alls=4:allf=t";
  private static final String TONE = "sine=frequency=440:sample_rate=48000";

  private final Path folder;
  private final BundledFfmpeg ffmpeg;
  private final Progress progress;

  Footage(Path folder, BundledFfmpeg ffmpeg, Progress progress) {
    this.folder = folder;
    this.ffmpeg = ffmpeg;
    this.progress = progress;
  }

  /** MP4: H.264 by OpenH264, 30 pictures a second, 5 Mb/s; AAC. */
  public Path recording(int gopSeconds) throws Exception {
    Path film = folder.resolve("film-" + gopSeconds + ".mp4");
    return made(
        film,
        () -> {
          Path silent = folder.resolve("silent-" + gopSeconds + ".mp4");
          List<String> encode = new ArrayList<>();
          String pictures = String.format(PICTURES, RATE);
          encode.addAll(List.of("-f", "lavfi", "-i", PictureNumbers.on(pictures, 1920, "" + RATE)));
          encode.addAll(List.of("-t", "" + ENCODED_SECONDS, "-c:v", "libopenh264"));
          encode.addAll(List.of("-rc_mode", "bitrate", "-b:v", "5M", "-profile:v", "high"));
          encode.addAll(List.of("-g", "" + gopSeconds * RATE, "-pix_fmt", "yuv420p"));
          encode.add(silent.toString());
          ffmpeg.run(encode);
          List<String> lengthen = new ArrayList<>();
          lengthen.addAll(List.of("-stream_loop", "" + (SECONDS / ENCODED_SECONDS - 1)));
          lengthen.addAll(List.of("-i", silent.toString(), "-f", "lavfi", "-i", TONE));
          lengthen.addAll(List.of("-map", "0:v", "-map", "1:a", "-c:v", "copy"));
          lengthen.addAll(List.of("-c:a", "aac", "-b:a", "128k", "-t", "" + SECONDS));
          lengthen.add(film.toString());
          ffmpeg.run(lengthen);
          Files.delete(silent);
        });
  }

  /** The number that a picture of a recording carries. */
  public static int numberOf(int picture) {
    return picture % (ENCODED_SECONDS * RATE);
  }

  /** The same with a keyframe every two seconds, as a camera sends it over HTTP or SRT: MPEG-TS. */
  public Path transportStream() throws Exception {
    Path recording = recording(2);
    Path stream = folder.resolve("film.ts");
    return made(
        stream,
        () ->
            ffmpeg.run(
                List.of("-i", recording.toString(), "-c", "copy", "-map", "0", stream.toString())));
  }

  /** Matroska with Motion JPEG, silent. */
  public Path jpegs() throws Exception {
    Path film = folder.resolve("film.mkv");
    return made(
        film,
        () ->
            ffmpeg.run(
                List.of(
                    "-f",
                    "lavfi",
                    "-i",
                    String.format(PICTURES, JPEGS_PER_SECOND),
                    "-t",
                    "" + JPEG_SECONDS,
                    "-c:v",
                    "mjpeg",
                    "-q:v",
                    "3",
                    "-pix_fmt",
                    "yuvj420p",
                    film.toString())));
  }

  private interface Making {
    void make() throws Exception;
  }

  private Path made(Path file, Making making) throws Exception {
    if (!Files.exists(file)) {
      progress.say("making " + file.getFileName());
      making.make();
    }
    return file;
  }
}
