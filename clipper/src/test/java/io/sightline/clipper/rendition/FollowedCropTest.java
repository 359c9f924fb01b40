package io.sightline.clipper.rendition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.render.CropPath;
import io.sightline.records.Box;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowedCropTest {

  private static final long START = 1_763_700_000_000_000L;
  private static final long FRAME = 200_000;

  @Test
  void nothingDetected_showsTheMiddle() {
    CropPath path = FollowedCrop.of(frames(10, n -> List.of()), "person");

    assertThat(path.centreAt(START)).isEqualTo(new Point(0.5, 0.5));
  }

  @Test
  void somebodyWhoWalks_isInTheMiddle_alsoBetweenFrames() {
    CropPath path = FollowedCrop.of(frames(51, n -> List.of(person(0.1 + n * 0.016))), "person");

    for (long at = 1_500_000; at < 8_500_000; at += 33_333) {
      assertThat(path.centreAt(START + at).x())
          .isCloseTo(0.1 + at / (double) FRAME * 0.016, within(0.002));
    }
    assertThat(path.centreAt(START - 5_000_000)).isEqualTo(path.centreAt(START));
    assertThat(path.centreAt(START + 50_000_000).x()).isCloseTo(0.9, within(0.05));
  }

  @Test
  void boxThatJumps_isFollowedCalmly() {
    CropPath path = FollowedCrop.of(frames(50, n -> List.of(person(n < 25 ? 0.2 : 0.8))), "person");

    double before = path.centreAt(START).x();
    for (long at = 0; at < 50 * FRAME; at += 40_000) {
      double now = path.centreAt(START + at).x();
      assertThat(now - before).as("moved within a picture").isBetween(-1e-9, 0.03);
      before = now;
    }
    assertThat(path.centreAt(START + 2_000_000).x()).isCloseTo(0.2, within(0.001));
    assertThat(path.centreAt(START + 8_000_000).x()).isCloseTo(0.8, within(0.001));
  }

  @Test
  void othersAreNotFollowed_unlessThereIsNobodyElse() {
    Detection dog = Detection.of("model", "dog", 90, new Box(0.8, 0.4, 0.1, 0.1));

    CropPath person = FollowedCrop.of(frames(20, n -> List.of(person(0.3), dog)), "Person");
    CropPath cat = FollowedCrop.of(frames(20, n -> List.of(dog)), "cat");

    assertThat(person.centreAt(START + 1_000_000).x()).isCloseTo(0.3, within(0.001));
    assertThat(cat.centreAt(START + 1_000_000).x()).isCloseTo(0.85, within(0.001));
  }

  @Test
  void somebodyUnseenForAWhile_isWaitedFor_evenly() {
    CropPath path =
        FollowedCrop.of(
            frames(61, n -> n > 10 && n < 50 ? List.of() : List.of(person(n < 30 ? 0.2 : 0.6))),
            "person");

    assertThat(path.centreAt(START + 30 * FRAME).x()).isCloseTo(0.4, within(0.01));
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 180, 270})
  void framesThatWereTurned_areFollowedInTheClipAsItWasRecorded(int degrees) {
    IntFunction<Point> walk = n -> new Point(0.1 + n * 0.016, 0.25);

    CropPath path =
        FollowedCrop.of(
            frames(51, n -> List.of(person(walk.apply(n).turned(degrees))), degrees), "person");

    for (long at = 1_500_000; at < 8_500_000; at += 500_000) {
      Point centre = path.centreAt(START + at);
      assertThat(centre.x()).isCloseTo(0.1 + at / (double) FRAME * 0.016, within(0.002));
      assertThat(centre.y()).isCloseTo(0.25, within(0.002));
    }
  }

  private static Detection person(Point centre) {
    return Detection.of(
        "model", "person", 80, new Box(centre.x() - 0.05, centre.y() - 0.1, 0.1, 0.2));
  }

  private static Detection person(double x) {
    return Detection.of("model", "person", 80, new Box(x - 0.05, 0.4, 0.1, 0.2));
  }

  private static List<FrameDetections> frames(int count, IntFunction<List<Detection>> seen) {
    return frames(count, seen, null);
  }

  private static List<FrameDetections> frames(
      int count, IntFunction<List<Detection>> seen, Integer turned) {
    List<FrameDetections> frames = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      frames.add(
          new FrameDetections(
              "lobby",
              Ids.epoch(START, "local"),
              "live",
              n,
              START + n * FRAME,
              START,
              640,
              360,
              seen.apply(n),
              null,
              null,
              false,
              turned));
    }
    return frames;
  }
}
