package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.encode.Backdrop;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where sound lies beside its pictures, on both sides of every join of a reel, to the sample. The
 * sound is noise that is known: what is heard at a moment fits one place of it alone.
 */
class ReelSoundTest {

  private static final long START = Recording.START;
  private static final int CLIPS = 20;
  private static final int PICTURES = 500;
  private static final int RATE = 25;
  private static final long PICTURE_MICROS = 1_000_000 / RATE;
  private static final int SAMPLES = 48_000;
  private static final int FRAME = 1_024;
  private static final int TRACKS = 2;

  /** Half an audio frame, and rounding. */
  private static final int MOST_SAMPLES_OFF = FRAME / 2 + 2;

  /** The frame at a join is mixed with the one before, and may begin half a frame beside it. */
  private static final int JOIN_SAMPLES = 2 * FRAME;

  private static final int WINDOW_SAMPLES = FRAME;
  private static final int SOUGHT_SAMPLES = FRAME + FRAME / 2;

  /** FFmpeg's HLS demuxer keeps to the first of several headers, and says so. */
  private static final String[] SKIPPED_HEADERS = {
    "Found duplicated MOOV Atom. Skipped it", "Last message repeated"
  };

  @TempDir Path folder;

  /** A clip in the reel: the number of its first picture, and how many it shows. */
  private record Shown(int first, int pictures) {}

  private final List<ClipIndex> clips = new ArrayList<>();
  private final List<Shown> shown = new ArrayList<>();

  @Test
  void sound_atEveryJoinOfClipsAtRandomMarks_staysWithinHalfAFrameOfItsPictures() throws Exception {
    Recording recording = recorded("cam", TestVideo.plain());
    Random random = new Random(31);
    while (clips.size() < CLIPS) {
      cut(recording, random);
    }

    assertSound(Reel.join("reel", clips), recording);
  }

  @Test
  void sound_atEveryJoinOfTwoEncoders_staysWithinHalfAFrameOfItsPictures() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    Recording recording = recorded("cam", TestVideo.plain());
    Recording other = recorded("other", TestVideo.plain().codec("libx264", 3).gop(40));
    Random random = new Random(37);
    while (clips.size() < CLIPS) {
      cut(clips.size() % 2 == 0 ? recording : other, random);
    }
    recording.objects().putAll(other.objects());

    assertSound(Reel.join("reel", clips), recording);
  }

  @Test
  void sound_atEveryJoinOfClipsThatFade_staysWithinHalfAFrameOfItsPictures() throws Exception {
    Recording recording = recorded("cam", TestVideo.plain());
    Random random = new Random(41);
    List<ClipIndex> faded = new ArrayList<>();
    while (clips.size() < CLIPS / 2) {
      cut(recording, random);
      ClipIndex clip = clips.get(clips.size() - 1);
      // So long that there is something to hear beside a join.
      Fade fade = new Fade("black", 400_000, Backdrop.of(0));
      FadedClip both =
          FadedClip.of(clip, fade, fade, "clips/" + clip.clip() + "/", recording, recording);
      faded.add(clips.size() < CLIPS / 2 ? both.joined() : both.last());
    }

    assertSound(Reel.join("reel", faded), recording);
  }

  private void cut(Recording recording, Random random) throws Exception {
    long in = random.nextInt((PICTURES - 2 * RATE) * (int) PICTURE_MICROS);
    long out = in + 500_000 + random.nextInt(1_200_000);
    CutResult cut =
        Cut.exact(
            "clip" + clips.size(),
            recording.chunks(),
            START + in,
            START + out,
            recording,
            recording);
    assertThat(cut.note()).isNull();
    clips.add(cut.index());
    int first = firstAt(in);
    shown.add(new Shown(first, firstAt(out) - first));
  }

  /** The first picture at or after a position. */
  private static int firstAt(long micros) {
    return (int) ((micros + PICTURE_MICROS - 1) / PICTURE_MICROS);
  }

  private void assertSound(ClipIndex reel, Recording recording) throws Exception {
    HlsExport.write(reel, recording, folder.resolve("hls"));
    Path mp4 = folder.resolve("reel.mp4");
    try (OutputStream out = Files.newOutputStream(mp4)) {
      Mp4File.write(reel, recording, out);
    }
    for (Path file : List.of(folder.resolve("hls/master.m3u8"), mp4)) {
      List<Long> pictures = times(file, "v:0");
      assertThat(pictures).hasSize(shown.stream().mapToInt(Shown::pictures).sum());
      List<short[]> heard = heard(file);
      for (int track = 0; track < TRACKS; track++) {
        assertSound(file, track, pictures, heard.get(track));
      }
    }
  }

  private void assertSound(Path file, int track, List<Long> pictures, short[] heard) {
    List<Long> frames = times(file, "a:" + track);
    assertThat(heard).hasSize(frames.size() * FRAME);
    for (int at = 1; at < frames.size(); at++) {
      assertThat(frames.get(at) - frames.get(at - 1)).isCloseTo(samples(FRAME), within(25L));
    }
    int picture = 0;
    for (int clip = 0; clip < shown.size(); clip++) {
      Shown one = shown.get(clip);
      // In samples from the first that is heard on.
      int begins = samplesAt(pictures.get(picture) - frames.get(0));
      int ends = begins + one.pictures() * SAMPLES / RATE;
      int source = one.first() * SAMPLES / RATE;
      String where = "%s, track %d, clip %d".formatted(file.getFileName(), track, clip);
      int[] windows = {begins + JOIN_SAMPLES, ends - JOIN_SAMPLES - WINDOW_SAMPLES};
      int behindJoin = offset(heard, windows[0], track, source + windows[0] - begins, where);
      int beforeNext = offset(heard, windows[1], track, source + windows[1] - begins, where);
      assertThat(behindJoin)
          .as("samples that sound is off its pictures, %s", where)
          .isBetween(-MOST_SAMPLES_OFF, MOST_SAMPLES_OFF);
      assertThat(beforeNext).as("at its end, %s", where).isCloseTo(behindJoin, within(1));
      picture += one.pictures();
    }
  }

  /**
   * By how many samples what is heard comes too late; negative when too early.
   *
   * @param at which sample of what is heard
   * @param expected which sample of what was played belongs there
   */
  private static int offset(short[] heard, int at, int track, int expected, String where) {
    short[] played = played(track);
    double energy = energy(heard, at);
    double best = 0;
    int found = 0;
    for (int lag = -SOUGHT_SAMPLES; lag <= SOUGHT_SAMPLES; lag++) {
      int from = expected - lag;
      if (from < 0 || from + WINDOW_SAMPLES > played.length) {
        continue;
      }
      long product = 0;
      for (int i = 0; i < WINDOW_SAMPLES; i++) {
        product += played[from + i] * heard[at + i];
      }
      // Its square, where it is positive.
      double alike = product < 0 ? 0 : product / energy * (product / energy(played, from));
      if (alike > best) {
        best = alike;
        found = lag;
      }
    }
    assertThat(Math.sqrt(best)).as("how much it is what was played, %s", where).isGreaterThan(0.3);
    return found;
  }

  private static double energy(short[] samples, int from) {
    long energy = 1;
    for (int i = from; i < from + WINDOW_SAMPLES; i++) {
      energy += samples[i] * samples[i];
    }
    return energy;
  }

  private static Recording recorded(String stream, TestVideo video) throws IOException {
    Path pictures = video.pictures(PICTURES).file();
    Path film = Files.createTempFile("film", ".mp4");
    List<Path> sounds = new ArrayList<>();
    try {
      List<String> arguments = new ArrayList<>(List.of("-i", pictures.toString()));
      for (int track = 0; track < TRACKS; track++) {
        Path sound = Files.createTempFile("sound", ".pcm");
        sounds.add(sound);
        ByteBuffer bytes = ByteBuffer.allocate(2 * played(track).length);
        bytes.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().put(played(track));
        Files.write(sound, bytes.array());
        arguments.addAll(List.of("-f", "s16le", "-ar", "" + SAMPLES, "-ac", "1"));
        arguments.addAll(List.of("-i", sound.toString()));
      }
      arguments.addAll(List.of("-map", "0:v", "-map", "1:a", "-map", "2:a", "-c:v", "copy"));
      arguments.addAll(List.of("-c:a", "aac", "-b:a", "128k", film.toString()));
      FfmpegProgram.make(arguments, out -> {});
      return new Recording(stream).add(film);
    } finally {
      Files.delete(film);
      for (Path sound : sounds) {
        Files.delete(sound);
      }
    }
  }

  private static final short[][] PLAYED = new short[TRACKS][];

  /** Noise of its own for each track. */
  private static short[] played(int track) {
    if (PLAYED[track] == null) {
      Random random = new Random(100 + track);
      short[] samples = new short[PICTURES / RATE * SAMPLES];
      double before = 0;
      for (int i = 0; i < samples.length; i++) {
        // Deep enough for the codec to keep.
        before = 0.7 * before + random.nextGaussian() * 2_500;
        samples[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, before));
      }
      PLAYED[track] = samples;
    }
    return PLAYED[track];
  }

  /** The samples of each track, as one player plays them all. */
  private List<short[]> heard(Path file) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-i", file.toString()));
    List<Path> sounds = new ArrayList<>();
    for (int track = 0; track < TRACKS; track++) {
      Path sound = folder.resolve("heard-" + track + ".pcm");
      sounds.add(sound);
      arguments.addAll(List.of("-map", "0:a:" + track, "-f", "s16le", "-ac", "1"));
      arguments.add(sound.toString());
    }
    arguments.addAll(List.of("-map", "0:v", "-f", "null", "-"));
    assertThat(FfmpegProgram.ffmpeg(arguments).errors())
        .allSatisfy(line -> assertThat(line).containsAnyOf(SKIPPED_HEADERS));
    List<short[]> heard = new ArrayList<>();
    for (Path sound : sounds) {
      byte[] bytes = Files.readAllBytes(sound);
      short[] samples = new short[bytes.length / 2];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
      heard.add(samples);
    }
    return heard;
  }

  /** When each picture or frame of sound is to be presented, in microseconds, in order. */
  private static List<Long> times(Path file, String stream) {
    return FfmpegProgram.ffprobe(
            "-select_streams",
            stream,
            "-show_entries",
            "packet=pts_time",
            "-of",
            "csv=p=0",
            file.toString())
        .text()
        .lines()
        .map(line -> line.replace(",", "").strip())
        .filter(line -> !line.isEmpty())
        .map(line -> Math.round(Double.parseDouble(line) * 1_000_000))
        .sorted()
        .toList();
  }

  private static long samples(int count) {
    return count * 1_000_000L / SAMPLES;
  }

  private static int samplesAt(long micros) {
    return (int) Math.round(micros * SAMPLES / 1e6);
  }
}
