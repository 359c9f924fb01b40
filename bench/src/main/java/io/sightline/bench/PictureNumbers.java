package io.sightline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers that pictures of a film carry, from 0 on: a strip of light and dark cells at their
 * top, which any amount of copying and encoding leaves readable. FFmpeg writes and reads them.
 */
public final class PictureNumbers {

  private static final int BITS = 16;
  private static final int STRIP_HEIGHT = 32;
  private static final int LIGHT = 225;
  private static final int DARK = 30;
  private static final int BETWEEN = (LIGHT + DARK) / 2;

  private PictureNumbers() {}

  /**
   * A source of pictures with their numbers on them, for {@code -f lavfi -i}.
   *
   * @param pictures another one
   * @param width of its pictures
   * @param rate of its pictures a second, as FFmpeg writes it
   */
  public static String on(String pictures, int width, String rate) {
    // A pixel for each bit, written once a picture, then enlarged: an expression a pixel is slow.
    return pictures
        + "[film];color=black:size="
        + BITS
        + "x2:rate="
        + rate
        + ",format=gray,geq=lum='if(mod(floor(N/pow(2,"
        + (BITS - 1)
        + "-X)),2),"
        + LIGHT
        + ","
        + DARK
        + ")',scale="
        + width
        + ":"
        + STRIP_HEIGHT
        + ":flags=neighbor,format=yuv420p[strip];[film][strip]overlay=shortest=1";
  }

  /**
   * Options with which FFmpeg writes the strips of a film's pictures into a file.
   *
   * @param strips made anew
   */
  public static List<String> strips(Path strips) {
    return List.of(
        "-fps_mode",
        "passthrough",
        "-vf",
        "crop=iw:" + STRIP_HEIGHT + ":0:0,scale=" + BITS + ":1:flags=area,setsar=1,format=gray",
        "-f",
        "rawvideo",
        strips.toString());
  }

  /** The numbers in such a file, in order of show. */
  public static List<Integer> read(Path strips) throws IOException {
    byte[] cells = Files.readAllBytes(strips);
    List<Integer> numbers = new ArrayList<>();
    for (int at = 0; at + BITS <= cells.length; at += BITS) {
      int number = 0;
      for (int bit = 0; bit < BITS; bit++) {
        number = number << 1 | ((cells[at + bit] & 0xff) > BETWEEN ? 1 : 0);
      }
      numbers.add(number);
    }
    return numbers;
  }
}
