package io.sightline.replay;

import static io.sightline.replay.JoinedReels.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipVariant;
import io.sightline.records.RenditionSpec;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.TrackInfo;
import io.sightline.records.Transitions;
import io.sightline.replay.publish.EncodedReels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays with transitions of recordings with several sound tracks, each a tone of its own. */
class TransitionSoundTest {

  private static final int RATE = 48_000;
  private static final int[] TONES = {500, 1_100};

  /** Those of what is inserted. */
  private static final int[] OTHERS = {1_900, 2_700};

  private static final Transitions.Fade FADE = new Transitions.Fade(400, 400, null, null);
  private static final double LOUD = 1_000;
  private static final double QUIET = 200;

  @TempDir Path folder;
  private JoinedReels reels;

  @BeforeEach
  void open() throws Exception {
    Path video = tones("recording", TestVideo.plain(), TONES);
    reels = new JoinedReels(folder, video, Clock.systemUTC());
  }

  @AfterEach
  void close() throws Exception {
    reels.close();
  }

  @Test
  void build_ofOneTrack_fadesThatAlone() throws Exception {
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();

    for (int track = 1; track <= 2; track++) {
      Replay replay = reels.built(request(track, new Transitions(FADE, null, null, null), track));

      assertThat(sounds(replay)).isEqualTo(1);
      Heard heard = heard(replay, 0);
      assertFades(heard, TONES[track - 1], 75 / 25.0);
      assertThat(heard.loudest(TONES[2 - track])).isLessThan(QUIET);
      // What is made is the same for all tracks.
      assertThat(reels.asked).isEmpty();
    }
  }

  @Test
  void build_ofAllTracks_keepsTheirOrder_throughFadesAndClips() throws Exception {
    insert(tones("both", TestVideo.plain().size(160, 90).pictures(50), OTHERS));
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();

    Replay replay = reels.built(request(1, new Transitions(FADE, "sting", null, null), null));

    assertThat(sounds(replay)).isEqualTo(2);
    for (int track = 0; track < 2; track++) {
      Heard heard = heard(replay, track);
      assertThat(heard.at(TONES[track], 1.5)).isGreaterThan(LOUD);
      assertThat(heard.at(OTHERS[track], 4.0)).isGreaterThan(LOUD);
      assertThat(heard.at(TONES[track], 6.5)).isGreaterThan(LOUD);
      assertThat(heard.loudest(TONES[1 - track])).isLessThan(QUIET);
      assertThat(heard.loudest(OTHERS[1 - track])).isLessThan(QUIET);
    }
  }

  @Test
  void build_ofOneTrack_playsThatOfItsClips_orTheLastThatTheyHave() throws Exception {
    TestVideo video = TestVideo.plain().size(160, 90).pictures(50);
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();
    Transitions sting = new Transitions(null, "sting", null, null);

    insert(tones("both", video, OTHERS));
    assertThat(heard(reels.built(request(1, sting, 2)), 0).at(OTHERS[1], 4.0)).isGreaterThan(LOUD);
    insert(tones("one", video, OTHERS[0]));
    assertThat(heard(reels.built(request(2, sting, 2)), 0).at(OTHERS[0], 4.0)).isGreaterThan(LOUD);
    insert(video.file());
    Heard silent = heard(reels.built(request(3, sting, 2)), 0);
    for (int tone : new int[] {TONES[0], TONES[1], OTHERS[0], OTHERS[1]}) {
      assertThat(silent.at(tone, 4.0)).isLessThan(QUIET);
    }
    // After the silence the track goes on where it should.
    assertThat(silent.at(TONES[1], 2.8)).isGreaterThan(LOUD);
    assertThat(silent.at(TONES[1], 5.2)).isGreaterThan(LOUD);
    assertThat(silent.seconds()).isBetween(8.2, 8.3);
  }

  @Test
  void build_withMarksForTheTrack_fadesTheClipsThatWereCutForIt() throws Exception {
    insert(tones("both", TestVideo.plain().size(160, 90).pictures(50), OTHERS));
    reels.clip(10, 60, 2, 8, 70);
    reels.clip(120, 180);
    reels.clip(190, 230, 2, 188, 240);
    reels.finish();

    Replay replay = reels.built(request(1, new Transitions(FADE, "sting", null, null), 2));

    assertThat(reels.items(1))
        .extracting(ReplayItem::variant)
        .containsExactly(ClipVariant.OPTIMIZED, ClipVariant.ORIGINAL, ClipVariant.OPTIMIZED);
    assertThat(reels.seen(replay)).hasSize(62 + 50 + 60 + 50 + 52);
    assertThat(sounds(replay)).isEqualTo(1);
    Heard heard = heard(replay, 0);
    double[] joins = {62 / 25.0, 112 / 25.0, 172 / 25.0, 222 / 25.0};
    for (double middle : new double[] {1, joins[1] + 1.2, joins[3] + 1.2}) {
      assertThat(heard.at(TONES[1], middle)).isGreaterThan(LOUD);
    }
    // The first item has this track alone; what is inserted plays its second beside it, too.
    for (double middle : new double[] {joins[0] + 1, joins[2] + 1}) {
      assertThat(heard.at(OTHERS[1], middle)).isGreaterThan(LOUD);
    }
    assertThat(heard.loudest(TONES[0])).isLessThan(QUIET);
    assertThat(heard.loudest(OTHERS[0])).isLessThan(QUIET);
    for (double quiet : new double[] {joins[0] - 0.03, joins[1] + 0.03, joins[2] - 0.03}) {
      assertThat(heard.at(TONES[1], quiet)).isLessThan(0.2 * heard.at(TONES[1], 1));
    }
  }

  @Test
  void build_ofOneTrack_hasItInOtherEncodings_too() throws Exception {
    insert(tones("both", TestVideo.plain().size(160, 90).pictures(50), OTHERS));
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();
    Replay replay = reels.built(request(1, new Transitions(FADE, "sting", null, null), 2));

    reels.render(replay, new RenditionSpec("loud", 360, null, null, false, -16.0));

    Path hls = reels.hls(new EncodedReels(reels.records, reels::read).of(replay).get("loud"));
    Heard heard = heard(hls, 0);
    assertThat(TestVideo.cleanFrameNumbers(hls, 320, 180)).hasSize(75 + 50 + 81);
    assertFades(heard, TONES[1], 75 / 25.0);
    assertThat(heard.at(OTHERS[1], 4.0)).isGreaterThan(LOUD);
    assertThat(heard.loudest(TONES[0])).isLessThan(QUIET);
  }

  /** Loud until 0.4 s before the end of the first item, half as loud in the middle of the fade. */
  private static void assertFades(Heard heard, int tone, double end) {
    double loud = heard.at(tone, 1);
    assertThat(loud).isGreaterThan(LOUD);
    assertThat(heard.at(tone, end - 0.5)).isBetween(0.9 * loud, 1.1 * loud);
    assertThat(heard.at(tone, end - 0.2)).isBetween(0.4 * loud, 0.6 * loud);
    assertThat(heard.at(tone, end - 0.03)).isLessThan(0.2 * loud);
  }

  private void insert(Path sting) throws Exception {
    reels.restart(TransitionFiles.read(Map.of("sting", sting), Map.of()));
  }

  private long sounds(Replay replay) throws Exception {
    return reels.index(replay).tracks().stream()
        .filter(info -> info.kind() == TrackInfo.Kind.AUDIO)
        .map(TrackInfo::track)
        .distinct()
        .count();
  }

  /** Samples of a sound track. */
  private record Heard(short[] samples) {

    double seconds() {
      return samples.length / (double) RATE;
    }

    /** How loud a tone is for 40 ms around a time. */
    double at(int hertz, double seconds) {
      int from = (int) Math.round((seconds - 0.02) * RATE);
      double real = 0;
      double imaginary = 0;
      int count = RATE / 25;
      for (int at = 0; at < count; at++) {
        double angle = 2 * Math.PI * hertz * at / RATE;
        real += samples[from + at] * Math.cos(angle);
        imaginary += samples[from + at] * Math.sin(angle);
      }
      return 2 * Math.hypot(real, imaginary) / count;
    }

    double loudest(int hertz) {
      double loudest = 0;
      for (double at = 0.05; at < seconds() - 0.05; at += 0.04) {
        loudest = Math.max(loudest, at(hertz, at));
      }
      return loudest;
    }
  }

  private Heard heard(Replay replay, int track) throws Exception {
    return heard(reels.hls(reels.index(replay)), track);
  }

  private static Heard heard(Path file, int track) {
    byte[] pcm =
        FfmpegProgram.ffmpeg(
                List.of(
                    "-i",
                    file.toString(),
                    "-map",
                    "0:a:" + track,
                    "-f",
                    "s16le",
                    "-ac",
                    "1",
                    "-ar",
                    "" + RATE,
                    "-"))
            .output();
    short[] samples = new short[pcm.length / 2];
    ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
    return new Heard(samples);
  }

  /** The video with sound tracks, each one tone all the time. */
  private Path tones(String name, TestVideo video, int... hertz) throws Exception {
    Path file = folder.resolve(name + ".mp4");
    List<String> arguments = new ArrayList<>(List.of("-i", video.file().toString()));
    for (int tone : hertz) {
      ByteBuffer pcm =
          ByteBuffer.allocate((int) (video.seconds() * RATE) * 2).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; pcm.hasRemaining(); at++) {
        pcm.putShort((short) (8_000 * Math.sin(2 * Math.PI * tone * at / RATE)));
      }
      Path raw = folder.resolve(name + "-" + tone + ".raw");
      Files.write(raw, pcm.array());
      arguments.addAll(List.of("-f", "s16le", "-ar", "" + RATE, "-ac", "1", "-i", raw.toString()));
    }
    arguments.addAll(List.of("-map", "0:v"));
    for (int track = 1; track <= hertz.length; track++) {
      arguments.addAll(List.of("-map", track + ":a"));
    }
    arguments.addAll(List.of("-c:v", "copy", "-c:a", "aac", "-b:a", "128k", file.toString()));
    FfmpegProgram.Result made = FfmpegProgram.ffmpeg(arguments);
    assertThat(made.exitCode()).as(made.errors().toString()).isZero();
    return file;
  }
}
