package io.sightline.media.testing;

import io.sightline.records.Rational;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Videos of known content. Each picture carries its number in a strip of light and dark cells at
 * its top, so that a frame tells which picture it is after any amount of copying, scaling and
 * encoding. A bright red box crosses the picture during known intervals, and a tone of 1 kHz sounds
 * at known times. Made once per JVM and specification; once per build, where the system property
 * {@code test.videos} names a folder.
 *
 * @param width as seen in a player, in pixels
 * @param height as seen in a player, in pixels
 * @param rate pictures per second
 * @param pictures how many
 * @param gop pictures from one keyframe to the next
 * @param bPictures between two others; only codecs that have them ({@code mpeg4}, {@code
 *     mpeg2video}, {@code libx264})
 * @param codec FFmpeg's encoder; {@code libx264} and {@code libx265} need the system's ffmpeg, see
 *     {@link FfmpegProgram#assumeSystemProgram()}
 * @param audioCodec FFmpeg's encoder; null for a silent film
 * @param audioTracks how many
 * @param rotation metadata: by how many degrees a player turns the picture clockwise
 * @param boxes when the box is there
 * @param beeps when the tone sounds
 */
public record TestVideo(
    int width,
    int height,
    Rational rate,
    int pictures,
    int gop,
    int bPictures,
    String codec,
    String audioCodec,
    int audioTracks,
    int rotation,
    Container container,
    List<Interval> boxes,
    List<Interval> beeps) {

  /** How the file is laid out. */
  public enum Container {
    MP4_INDEX_FIRST("mp4", "-movflags", "+faststart"),
    MP4_INDEX_LAST("mp4"),
    MP4_FRAGMENTED("mp4", "-movflags", "+frag_keyframe+empty_moov+default_base_moof"),
    TS("ts"),
    MKV("mkv"),
    MOV("mov"),
    AVI("avi"),
    FLV("flv");

    private final String extension;
    private final List<String> options;

    Container(String extension, String... options) {
      this.extension = extension;
      this.options = List.of(options);
    }
  }

  /**
   * A stretch of the video.
   *
   * @param start in seconds, included
   * @param end in seconds, not included
   */
  public record Interval(double start, double end) {

    boolean holds(double seconds) {
      return seconds >= start && seconds < end;
    }
  }

  public static final int BEEP_HERTZ = 1_000;
  public static final int SAMPLE_RATE = 48_000;

  private static final Map<TestVideo, Path> MADE = new ConcurrentHashMap<>();
  private static Path folder;

  /** Ten seconds, 320x180, 25 pictures a second, a keyframe each second, no sound, plain MP4. */
  public static TestVideo plain() {
    return new TestVideo(
        320,
        180,
        new Rational(25, 1),
        250,
        25,
        0,
        "libopenh264",
        null,
        0,
        0,
        Container.MP4_INDEX_FIRST,
        List.of(new Interval(2, 4), new Interval(6, 8)),
        List.of(new Interval(1, 1.25), new Interval(5, 5.25)));
  }

  public TestVideo {
    boxes = List.copyOf(boxes);
    beeps = List.copyOf(beeps);
  }

  public TestVideo size(int newWidth, int newHeight) {
    return new TestVideo(
        newWidth,
        newHeight,
        rate,
        pictures,
        gop,
        bPictures,
        codec,
        audioCodec,
        audioTracks,
        rotation,
        container,
        boxes,
        beeps);
  }

  public TestVideo rate(String newRate) {
    return new TestVideo(
        width,
        height,
        Rational.parse(newRate),
        pictures,
        gop,
        bPictures,
        codec,
        audioCodec,
        audioTracks,
        rotation,
        container,
        boxes,
        beeps);
  }

  public TestVideo pictures(int newPictures) {
    return new TestVideo(
        width,
        height,
        rate,
        newPictures,
        gop,
        bPictures,
        codec,
        audioCodec,
        audioTracks,
        rotation,
        container,
        boxes,
        beeps);
  }

  public TestVideo gop(int newGop) {
    return new TestVideo(
        width,
        height,
        rate,
        pictures,
        newGop,
        bPictures,
        codec,
        audioCodec,
        audioTracks,
        rotation,
        container,
        boxes,
        beeps);
  }

  /** With another picture codec, and so many B-pictures between two others. */
  public TestVideo codec(String newCodec, int newBPictures) {
    return new TestVideo(
        width,
        height,
        rate,
        pictures,
        gop,
        newBPictures,
        newCodec,
        audioCodec,
        audioTracks,
        rotation,
        container,
        boxes,
        beeps);
  }

  /** With one track of AAC. */
  public TestVideo sound() {
    return sound("aac", 1);
  }

  public TestVideo sound(String newAudioCodec, int tracks) {
    return new TestVideo(
        width,
        height,
        rate,
        pictures,
        gop,
        bPictures,
        codec,
        newAudioCodec,
        tracks,
        rotation,
        container,
        boxes,
        beeps);
  }

  public TestVideo rotation(int degrees) {
    return new TestVideo(
        width,
        height,
        rate,
        pictures,
        gop,
        bPictures,
        codec,
        audioCodec,
        audioTracks,
        degrees,
        container,
        boxes,
        beeps);
  }

  public TestVideo container(Container newContainer) {
    return new TestVideo(
        width,
        height,
        rate,
        pictures,
        gop,
        bPictures,
        codec,
        audioCodec,
        audioTracks,
        rotation,
        newContainer,
        boxes,
        beeps);
  }

  /** With the box at other times. */
  public TestVideo boxes(Interval... intervals) {
    return new TestVideo(
        width,
        height,
        rate,
        pictures,
        gop,
        bPictures,
        codec,
        audioCodec,
        audioTracks,
        rotation,
        container,
        List.of(intervals),
        beeps);
  }

  /** With the tone at other times. */
  public TestVideo beeps(Interval... intervals) {
    return new TestVideo(
        width,
        height,
        rate,
        pictures,
        gop,
        bPictures,
        codec,
        audioCodec,
        audioTracks,
        rotation,
        container,
        boxes,
        List.of(intervals));
  }

  public double seconds() {
    return pictures / rate.toDouble();
  }

  /** The file; shared by all tests, so never to be changed. */
  public Path file() {
    return MADE.computeIfAbsent(this, TestVideo::make);
  }

  /** A copy of the file's first bytes: what is left of one that broke off. */
  public Path brokenOffAt(long bytes) {
    try {
      Path whole = file();
      Path part = Files.createTempFile(folder(), "part-", "." + container.extension);
      try (var in = Files.newInputStream(whole)) {
        Files.write(part, in.readNBytes((int) bytes));
      }
      return part;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number that a sampled frame carries. */
  public static int readFrameNumber(byte[] jpeg) {
    try {
      var image = ImageIO.read(new ByteArrayInputStream(jpeg));
      // Green is close enough to brightness to tell light from dark.
      return TestPicture.readNumber(
          (x, y) -> image.getRGB(x, y) >> 8 & 0xff, image.getWidth(), image.getHeight());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number that a picture carries, given its brightness row by row. */
  public static int readFrameNumber(byte[] luma, int width, int height) {
    return TestPicture.readNumber((x, y) -> luma[y * width + x] & 0xff, width, height);
  }

  /** The numbers of all pictures that FFmpeg decodes from a file or URL, in order of show. */
  public static List<Integer> frameNumbers(Object pathOrUrl) {
    String size =
        FfmpegProgram.ffprobe(
                "-select_streams",
                "v:0",
                "-show_entries",
                "stream=width,height",
                "-of",
                "csv=p=0:s=x",
                pathOrUrl.toString())
            .text()
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("No pictures in " + pathOrUrl));
    int width = Integer.parseInt(size.split("x")[0]);
    int height = Integer.parseInt(size.split("x")[1]);
    return frameNumbers(pathOrUrl, width, height);
  }

  /** The numbers of all pictures of this size, of a file or URL that decodes without a word. */
  public static List<Integer> cleanFrameNumbers(Object pathOrUrl, int width, int height) {
    FfmpegProgram.Result result =
        decoded(
            List.of("-xerror", "-err_detect", "crccheck+bitstream+buffer+explode"),
            pathOrUrl,
            List.of("-map", "0:a?", "-f", "null", "-"));
    if (!result.errors().isEmpty()) {
      throw new AssertionError(pathOrUrl + " does not decode cleanly: " + result.errors());
    }
    return numbers(result, width, height);
  }

  private static List<Integer> frameNumbers(Object pathOrUrl, int width, int height) {
    return numbers(decoded(List.of(), pathOrUrl, List.of()), width, height);
  }

  private static FfmpegProgram.Result decoded(
      List<String> options, Object pathOrUrl, List<String> further) {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(
        List.of(
            "-noautorotate",
            "-i",
            pathOrUrl.toString(),
            "-map",
            "0:v:0",
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "gray",
            "-"));
    arguments.addAll(further);
    FfmpegProgram.Result result = FfmpegProgram.ffmpeg(arguments);
    if (result.exitCode() != 0) {
      throw new IllegalStateException("Cannot decode " + pathOrUrl + ": " + result.errors());
    }
    return result;
  }

  private static List<Integer> numbers(FfmpegProgram.Result result, int width, int height) {
    List<Integer> numbers = new ArrayList<>();
    byte[] luma = new byte[width * height];
    for (int from = 0; from + luma.length <= result.output().length; from += luma.length) {
      System.arraycopy(result.output(), from, luma, 0, luma.length);
      numbers.add(readFrameNumber(luma, width, height));
    }
    return numbers;
  }

  private static Path make(TestVideo video) {
    String shared = System.getProperty("test.videos");
    if (shared == null) {
      return madeIn(temporary(), video);
    }
    try {
      Path folder = Files.createDirectories(Path.of(shared));
      String name = digest(video) + "." + video.container.extension;
      Path file = folder.resolve(name);
      if (!Files.exists(file)) {
        // Another process may make the same: whoever comes later replaces it by its like.
        Files.move(madeIn(folder, video), file, StandardCopyOption.ATOMIC_MOVE);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of what it is to be, and of the code that makes it. */
  private static String digest(TestVideo video) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(video.toString().getBytes(StandardCharsets.UTF_8));
      for (Class<?> code : List.of(TestVideo.class, TestPicture.class, FfmpegProgram.class)) {
        try (InputStream bytes = code.getResourceAsStream(code.getSimpleName() + ".class")) {
          digest.update(bytes.readAllBytes());
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path temporary() {
    try {
      return folder();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path madeIn(Path folder, TestVideo video) {
    try {
      Path file = Files.createTempFile(folder, "video-", "." + video.container.extension);
      Path sound = Files.createTempFile(folder(), "sound-", ".pcm");
      FfmpegProgram.make(video.arguments(file, sound), out -> TestPicture.writeAll(video, out));
      Files.delete(sound);
      if (video.rotation != 0) {
        video.mark(file);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the rotation, which FFmpeg would apply to the pictures if it were there before. */
  private void mark(Path file) throws IOException {
    Path straight = file.resolveSibling("straight-" + file.getFileName());
    Files.move(file, straight);
    List<String> arguments = new ArrayList<>();
    // FFmpeg counts against the clock.
    arguments.addAll(List.of("-display_rotation:v:0", String.valueOf(360 - rotation)));
    arguments.addAll(List.of("-i", straight.toString(), "-map", "0", "-c", "copy"));
    arguments.addAll(container.options);
    arguments.add(file.toString());
    FfmpegProgram.make(arguments, out -> {});
    Files.delete(straight);
  }

  private List<String> arguments(Path file, Path sound) throws IOException {
    boolean sideways = rotation % 180 != 0;
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s"));
    arguments.add(sideways ? height + "x" + width : width + "x" + height);
    arguments.addAll(List.of("-r", rate.toString(), "-i", "pipe:0"));
    if (audioTracks > 0) {
      Files.write(sound, TestPicture.sound(this));
      arguments.addAll(List.of("-f", "s16le", "-ar", "" + SAMPLE_RATE, "-ac", "2"));
      arguments.addAll(List.of("-i", sound.toString()));
    }
    arguments.addAll(List.of("-map", "0:v"));
    for (int track = 0; track < audioTracks; track++) {
      arguments.addAll(List.of("-map", "1:a"));
    }
    arguments.addAll(List.of("-c:v", codec, "-g", "" + gop, "-pix_fmt"));
    arguments.add(codec.equals("mjpeg") ? "yuvj420p" : "yuv420p");
    if (bPictures > 0) {
      arguments.addAll(List.of("-bf", "" + bPictures));
    }
    if (codec.equals("libopenh264")) {
      arguments.addAll(List.of("-b:v", "800k", "-rc_mode", "bitrate", "-profile:v", "high"));
    } else if (codec.equals("libx264")) {
      arguments.addAll(List.of("-preset", "veryfast", "-crf", "20", "-threads", "1"));
      arguments.addAll(List.of("-x264-params", "scenecut=0:b-adapt=0:b-pyramid=none"));
    } else if (codec.equals("libx265")) {
      arguments.addAll(List.of("-preset", "veryfast", "-tag:v", "hvc1", "-x265-params"));
      arguments.add("log-level=error:pools=1:scenecut=0:b-adapt=0:bframes=" + bPictures);
    } else {
      arguments.addAll(List.of("-q:v", "4", "-sc_threshold", "1000000000"));
    }
    if (audioTracks > 0) {
      arguments.addAll(List.of("-c:a", audioCodec, "-b:a", "96k"));
      if (audioCodec.equals("opus")) {
        arguments.addAll(List.of("-strict", "experimental"));
      }
    }
    arguments.addAll(List.of("-fflags", "+bitexact", "-flags:v", "+bitexact"));
    arguments.addAll(container.options);
    if (container == Container.MP4_FRAGMENTED && "ac3".equals(audioCodec)) {
      // Such a track is described by its first packet.
      arguments.set(arguments.size() - 1, container.options.get(1) + "+delay_moov");
    }
    arguments.add(file.toString());
    return arguments;
  }

  private static synchronized Path folder() throws IOException {
    if (folder == null) {
      folder = Files.createTempDirectory("sightline-test-video");
      Runtime.getRuntime().addShutdownHook(new Thread(TestVideo::deleteAll));
    }
    return folder;
  }

  private static void deleteAll() {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // The system clears its folder for temporary files.
    }
  }
}
