package io.sightline.analyzer.motion;

import io.sightline.analyzer.PictureOf;
import io.sightline.records.plugin.Picture;
import java.util.Random;

/** Draws pictures of a textured room, with light, noise, a person and leaves as asked for. */
final class Scene {

  static final int WIDTH = 640;
  static final int HEIGHT = 360;
  static final int PER_SECOND = 5;
  private static final int PERSON_WIDTH = 40;
  private static final int PERSON_HEIGHT = 130;

  private final Random random = new Random(7);
  private final double[] grain = random.doubles(1 << 18).map(Scene::bell).toArray();
  private final double[] room = new double[WIDTH * HEIGHT];
  private final double[] clothes = new double[PERSON_WIDTH * PERSON_HEIGHT];

  double gain = 1;
  double offset = 0;
  double noise = 2;
  boolean leaves;

  /** Left edge of a cast shadow 80 pixels wide; negative for none. */
  int shadowX = -1;

  /** Left edge of the person; negative for nobody. */
  int personX = -1;

  Scene() {
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double boards = 12 * Math.sin(x / 9.0 + y / 40.0) + 8 * Math.sin(y / 7.0);
        double wall = y < 150 ? 60 : 0;
        double door = x > 400 && x < 470 && y < 220 ? -45 : 0;
        room[y * WIDTH + x] = 95 + boards + wall + door;
      }
    }
    for (int i = 0; i < clothes.length; i++) {
      clothes[i] = 45 + (i / PERSON_WIDTH < 25 ? 70 : 0) + random.nextInt(20);
    }
  }

  byte[] luma(int frame) {
    byte[] luma = new byte[WIDTH * HEIGHT];
    int shake = random.nextInt(grain.length);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double level = room[y * WIDTH + x];
        if (shadowX >= 0 && x >= shadowX && x < shadowX + 80 && y > 150) {
          level *= 0.7;
        }
        if (leaves && x > 540 && y < 90) {
          level += 35 * Math.sin(x / 5.0 + 2.1 * Math.sin(frame * 1.7)) * Math.cos(y / 6.0 + frame);
        }
        int dx = x - personX;
        int dy = y - 180;
        if (personX >= 0 && dx >= 0 && dx < PERSON_WIDTH && dy >= 0 && dy < PERSON_HEIGHT) {
          level = clothes[dy * PERSON_WIDTH + dx];
        }
        double seen =
            gain * level + offset + noise * grain[(shake + y * WIDTH + x) & (grain.length - 1)];
        luma[y * WIDTH + x] = (byte) Math.max(0, Math.min(255, Math.round(seen)));
      }
    }
    return luma;
  }

  /** Spreads evenly distributed numbers about as a bell does, with a deviation of one. */
  private static double bell(double even) {
    return Math.log(even / (1 - even)) / 1.813;
  }

  static Picture picture(byte[] luma, int frame) {
    return PictureOf.luma(luma, WIDTH, HEIGHT, frame, PER_SECOND);
  }
}
