package io.sightline.media.timeline;

/**
 * Names and notes as every format can hold them. They come from people and from other machines, and
 * a line break or a control character in one would end the line of a list or make XML that no
 * parser takes.
 */
final class PlainText {

  private PlainText() {}

  /**
   * One line: breaks and control characters become a space, and of several spaces one is left. What
   * is no character (half a surrogate pair) and what turns the direction of reading is left out.
   *
   * @param text null for none
   * @param limit of characters, as people count them
   */
  static String line(String text, int limit) {
    if (text == null) {
      return "";
    }
    StringBuilder line = new StringBuilder();
    int characters = 0;
    boolean space = false;
    int offset = 0;
    while (offset < text.length() && characters < limit) {
      int point = text.codePointAt(offset);
      offset += Character.charCount(point);
      if (isBreak(point)) {
        space = characters > 0;
      } else if (!isLeftOut(point)) {
        if (space) {
          line.append(' ');
          space = false;
          characters++;
        }
        line.appendCodePoint(point);
        characters++;
      }
    }
    return line.toString();
  }

  private static boolean isBreak(int point) {
    return Character.isISOControl(point)
        || Character.isWhitespace(point)
        || Character.isSpaceChar(point);
  }

  private static boolean isLeftOut(int point) {
    boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    boolean noCharacter = (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
    boolean direction =
        (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    return surrogate || noCharacter || direction;
  }
}
