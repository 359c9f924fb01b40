package io.sightline.media.timeline;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Makes reel names: what the tape was called on which a source was delivered, and by which an edit
 * decision list still names it. Eight capital letters and digits at most, no two alike.
 */
final class ReelNames {

  static final int MAX_CHARACTERS = 8;

  /** What edit decision lists mean by these is black, and a source that is no tape. */
  private static final Set<String> RESERVED = Set.of("BL", "AX");

  private final Set<String> taken = new HashSet<>(RESERVED);

  /** Whether a name is one that an edit decision list can hold. */
  static boolean isLegal(String name) {
    return name.matches("[A-Z0-9]{1," + MAX_CHARACTERS + "}") && !RESERVED.contains(name);
  }

  /** The next name: as much of {@code name} as a reel's name can hold, with a number if need be. */
  String next(String name) {
    String letters = name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    String base = letters.isEmpty() ? "REEL" : cut(letters, MAX_CHARACTERS);
    String reel = base;
    for (int number = 2; !taken.add(reel); number++) {
      String digits = Integer.toString(number);
      reel = cut(base, MAX_CHARACTERS - digits.length()) + digits;
    }
    return reel;
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }
}
