package io.sightline.edgecapture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A transport stream taken apart into coded pictures, each with the sound that lies beside it, so
 * that it can be sent at the pace of its pictures and with other times (ISO/IEC 13818-1, 2.4.3).
 */
final class TsFilm {

  static final long TICKS = 90_000;
  private static final long WRAP = 1L << 33;
  private static final int PACKET = 188;
  private static final int VIDEO_STREAM = 0xe0;

  /**
   * The packets from one coded picture to the next.
   *
   * @param ticks when it is decoded, from the first one's on
   */
  record Unit(long ticks, boolean keyframe, byte[] packets) {}

  private final byte[] tables;
  private final List<Unit> units;

  private TsFilm(byte[] tables, List<Unit> units) {
    this.tables = tables;
    this.units = units;
  }

  static TsFilm read(Path file) {
    try {
      return parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Unit> units() {
    return units;
  }

  /** What says which packets hold what. */
  byte[] tables() {
    return tables;
  }

  /** How long it lasts, if the last picture is shown for as long as the one before. */
  long durationTicks() {
    int last = units.size() - 1;
    return 2 * units.get(last).ticks() - units.get(last - 1).ticks();
  }

  private static TsFilm parse(byte[] bytes) {
    int firstPicture = -1;
    List<int[]> starts = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    List<Boolean> keyframes = new ArrayList<>();
    for (int at = 0; at + PACKET <= bytes.length; at += PACKET) {
      int payload = payload(bytes, at);
      if ((bytes[at + 1] & 0x40) == 0 || payload < 0 || !isPes(bytes, payload)) {
        continue;
      }
      if ((bytes[payload + 3] & 0xff) == VIDEO_STREAM) {
        starts.add(new int[] {at});
        boolean both = (bytes[payload + 7] & 0x40) != 0;
        times.add(time(bytes, payload + (both ? 14 : 9)));
        keyframes.add((bytes[at + 3] & 0x20) != 0 && (bytes[at + 5] & 0x40) != 0);
        firstPicture = firstPicture < 0 ? at : firstPicture;
      }
    }
    List<Unit> units = new ArrayList<>();
    for (int n = 0; n < starts.size(); n++) {
      int from = starts.get(n)[0];
      int to = n + 1 < starts.size() ? starts.get(n + 1)[0] : bytes.length / PACKET * PACKET;
      units.add(
          new Unit(
              times.get(n) - times.get(0), keyframes.get(n), Arrays.copyOfRange(bytes, from, to)));
    }
    return new TsFilm(Arrays.copyOf(bytes, firstPicture), units);
  }

  /** The packets with all times moved, as a camera that began at another time would send them. */
  static byte[] moved(byte[] packets, long ticks) {
    byte[] moved = packets.clone();
    for (int at = 0; at + PACKET <= moved.length; at += PACKET) {
      boolean adapted = (moved[at + 3] & 0x20) != 0;
      if (adapted && moved[at + 4] >= 7 && (moved[at + 5] & 0x10) != 0) {
        moveClock(moved, at + 6, ticks);
      }
      int payload = payload(moved, at);
      if ((moved[at + 1] & 0x40) != 0 && payload >= 0 && isPes(moved, payload)) {
        int flags = moved[payload + 7];
        if ((flags & 0x80) != 0) {
          moveTime(moved, payload + 9, ticks);
        }
        if ((flags & 0x40) != 0) {
          moveTime(moved, payload + 14, ticks);
        }
      }
    }
    return moved;
  }

  private static boolean isPes(byte[] bytes, int at) {
    return bytes[at] == 0 && bytes[at + 1] == 0 && bytes[at + 2] == 1;
  }

  /** Where a packet's payload begins; -1 when it has none. */
  private static int payload(byte[] bytes, int at) {
    int control = bytes[at + 3] >> 4 & 3;
    if ((control & 1) == 0) {
      return -1;
    }
    int payload = at + 4 + ((control & 2) == 0 ? 0 : 1 + (bytes[at + 4] & 0xff));
    return payload + 14 < at + PACKET ? payload : -1;
  }

  private static long time(byte[] bytes, int at) {
    return (bytes[at] >> 1 & 7L) << 30
        | (bytes[at + 1] & 0xffL) << 22
        | (bytes[at + 2] >> 1 & 0x7fL) << 15
        | (bytes[at + 3] & 0xffL) << 7
        | bytes[at + 4] >> 1 & 0x7fL;
  }

  private static void moveTime(byte[] bytes, int at, long ticks) {
    long time = Math.floorMod(time(bytes, at) + ticks, WRAP);
    bytes[at] = (byte) (bytes[at] & 0xf1 | time >> 30 << 1);
    bytes[at + 1] = (byte) (time >> 22);
    bytes[at + 2] = (byte) (time >> 15 << 1 | 1);
    bytes[at + 3] = (byte) (time >> 7);
    bytes[at + 4] = (byte) (time << 1 | 1);
  }

  private static void moveClock(byte[] bytes, int at, long ticks) {
    long clock =
        (bytes[at] & 0xffL) << 25
            | (bytes[at + 1] & 0xffL) << 17
            | (bytes[at + 2] & 0xffL) << 9
            | (bytes[at + 3] & 0xffL) << 1
            | bytes[at + 4] >> 7 & 1L;
    clock = Math.floorMod(clock + ticks, WRAP);
    bytes[at] = (byte) (clock >> 25);
    bytes[at + 1] = (byte) (clock >> 17);
    bytes[at + 2] = (byte) (clock >> 9);
    bytes[at + 3] = (byte) (clock >> 1);
    bytes[at + 4] = (byte) (bytes[at + 4] & 0x7f | clock << 7);
  }
}
