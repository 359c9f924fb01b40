package io.sightline.analyzer.health;

import static io.sightline.analyzer.SoundOf.wave;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.analyzer.PictureOf;
import io.sightline.records.Detection;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class HealthAnalyzerTest {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 180;

  private final Random random = new Random(11);
  private final Map<String, Object> settings =
      new TreeMap<>(Map.of("blackFor", "10s", "frozenFor", "10s"));

  @Test
  void look_blackWithNoise_isReportedAfterTheTime() throws Exception {
    Map<Integer, List<String>> found = labels(60, frame -> noisy(4, 5));

    assertThat(found).doesNotContainKey(49);
    assertThat(found.get(50)).containsExactly("black");
    assertThat(found.get(59)).containsExactly("black");
  }

  @Test
  void look_darkPictureWithALamp_isNotBlack() throws Exception {
    assertThat(
            labels(
                60,
                frame -> {
                  byte[] luma = noisy(4, 5);
                  for (int i = 0; i < luma.length / 20; i++) {
                    luma[i] = (byte) 200;
                  }
                  return luma;
                }))
        .isEmpty();
  }

  @Test
  void look_samePictureAgainAndAgain_isFrozenUntilItMoves() throws Exception {
    byte[] still = noisy(120, 30);
    Map<Integer, List<String>> found = labels(80, frame -> frame < 70 ? still : noisy(120, 30));

    assertThat(found).doesNotContainKey(49);
    assertThat(found.get(50)).containsExactly("frozen");
    assertThat(found.get(69)).containsExactly("frozen");
    assertThat(found).doesNotContainKey(70);
  }

  @Test
  void look_liveCameraOnAStillRoom_isNotFrozen() throws Exception {
    byte[] room = noisy(120, 30);
    assertThat(
            labels(
                100,
                frame -> {
                  byte[] luma = room.clone();
                  for (int i = 0; i < luma.length; i++) {
                    luma[i] = (byte) ((luma[i] & 0xff) + Math.rint(2.5 * random.nextGaussian()));
                  }
                  return luma;
                }))
        .isEmpty();
  }

  @Test
  void look_oneSmallThingMoving_isNotFrozen() throws Exception {
    byte[] room = noisy(120, 3);
    assertThat(
            labels(
                100,
                frame -> {
                  byte[] luma = room.clone();
                  for (int y = 90; y < 98; y++) {
                    for (int x = 0; x < 8; x++) {
                      luma[y * WIDTH + x + frame % 200] = (byte) 220;
                    }
                  }
                  return luma;
                }))
        .isEmpty();
  }

  @Test
  void look_afterStalledOrAGap_reportsNoSignalOnce() throws Exception {
    Analyzer analyzer = open();
    analyzer.look(picture(noisy(120, 30), 0));
    analyzer.marker(
        new Marker(
            Marker.Kind.STALLED, "lobby", "e", "live", 1, 0, Lane.FRAMES, null, "no packet", 0));

    List<Detection> back = analyzer.look(picture(noisy(120, 30), 60));
    List<Detection> next = analyzer.look(picture(noisy(120, 30), 61));
    List<Detection> gap = analyzer.look(picture(noisy(120, 30), 161));

    assertThat(back).extracting(Detection::label).containsExactly("no-signal");
    assertThat(back.get(0).attributes()).containsEntry("seconds", 12.0);
    assertThat(next).isEmpty();
    assertThat(gap).extracting(Detection::label).containsExactly("no-signal");
  }

  @Test
  void look_always_givesRawValuesAndZeroIsOne() throws Exception {
    settings.put("always", true);
    settings.put("blackFor", "0s");
    Analyzer analyzer = open();

    List<Detection> found = analyzer.look(picture(new byte[WIDTH * HEIGHT], 0));

    assertThat(found).extracting(Detection::label).containsExactly("black", "picture");
    assertThat(found.get(1).attributes())
        .containsEntry("brightness", 0.0)
        .containsEntry("contrast", 0.0)
        .containsEntry("sharpness", 0.0)
        .containsEntry("difference", 0.0);
  }

  @Test
  void facts_checkerboard_areExact() {
    byte[] luma = new byte[64 * 36];
    for (int i = 0; i < luma.length; i++) {
      luma[i] = (byte) ((i % 64 + i / 64) % 2 == 0 ? 200 : 100);
    }

    PictureFacts facts = PictureFacts.of(luma, 64, 36, 150);

    assertThat(facts.brightness()).isEqualTo(150);
    assertThat(facts.contrast()).isEqualTo(50, within(0.001));
    assertThat(facts.sharpness()).isEqualTo(100, within(0.001));
    assertThat(facts.darkShare()).isEqualTo(0.5);
  }

  @Test
  void listen_silence_isReported() throws Exception {
    settings.put("silentFor", "3s");
    Analyzer analyzer = open();

    assertThat(analyzer.listen(wave(0, 2, t -> 0))).isEmpty();
    List<Detection> found = analyzer.listen(wave(2, 2, t -> 0));

    assertThat(found).extracting(Detection::label).containsExactly("silent");
    assertThat(found.get(0).audioTrack()).isEqualTo(1);
  }

  @Test
  void restore_midway_goesOnAsIfNothingHappened() throws Exception {
    settings.put("always", true);
    Analyzer analyzer = open();
    byte[] still = noisy(120, 30);
    for (int frame = 0; frame < 80; frame++) {
      Analyzer other = open();
      other.restore(analyzer.state());
      byte[] luma = frame < 70 ? still : noisy(3, 3);

      assertThat(other.look(picture(luma, frame))).isEqualTo(analyzer.look(picture(luma, frame)));
      assertThat(other.state()).isEqualTo(analyzer.state());
    }
  }

  private Map<Integer, List<String>> labels(int frames, IntFunction<byte[]> luma) throws Exception {
    Analyzer analyzer = open();
    Map<Integer, List<String>> found = new TreeMap<>();
    for (int frame = 0; frame < frames; frame++) {
      List<String> labels = new ArrayList<>();
      analyzer.look(picture(luma.apply(frame), frame)).forEach(d -> labels.add(d.label()));
      if (!labels.isEmpty()) {
        found.put(frame, labels);
      }
    }
    return found;
  }

  private Analyzer open() {
    return new HealthPlugin().open(new PluginSpec("health", settings).settings());
  }

  private Picture picture(byte[] luma, int frame) {
    return PictureOf.luma(luma, WIDTH, HEIGHT, frame, 5);
  }

  private byte[] noisy(double level, double spread) {
    byte[] luma = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < luma.length; i++) {
      luma[i] = (byte) Math.max(0, Math.min(255, level + spread * random.nextGaussian()));
    }
    return luma;
  }
}
