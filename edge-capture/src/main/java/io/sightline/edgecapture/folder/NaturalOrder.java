package io.sightline.edgecapture.folder;

import java.util.Comparator;

/**
 * Names as people sort them: numbers in them are compared as numbers of any length, the rest
 * without regard to case; {@code clip2} comes before {@code Clip10}. Names that are the same so far
 * are told apart by their characters, so that the order is total.
 */
final class NaturalOrder implements Comparator<String> {

  static final NaturalOrder BY_NAME = new NaturalOrder();

  private NaturalOrder() {}

  @Override
  public int compare(String one, String other) {
    int i = 0;
    int k = 0;
    while (i < one.length() && k < other.length()) {
      if (digit(one, i) && digit(other, k)) {
        int oneEnd = numberEnd(one, i);
        int otherEnd = numberEnd(other, k);
        int order = compareNumbers(one.substring(i, oneEnd), other.substring(k, otherEnd));
        if (order != 0) {
          return order;
        }
        i = oneEnd;
        k = otherEnd;
      } else {
        int order = Character.compare(folded(one, i), folded(other, k));
        if (order != 0) {
          return order;
        }
        i++;
        k++;
      }
    }
    int order = Integer.compare(one.length() - i, other.length() - k);
    return order == 0 ? one.compareTo(other) : order;
  }

  private static int compareNumbers(String one, String other) {
    String oneDigits = withoutZeros(one);
    String otherDigits = withoutZeros(other);
    int order = Integer.compare(oneDigits.length(), otherDigits.length());
    return order == 0 ? oneDigits.compareTo(otherDigits) : order;
  }

  private static String withoutZeros(String digits) {
    int start = 0;
    while (start < digits.length() && digits.charAt(start) == '0') {
      start++;
    }
    return digits.substring(start);
  }

  private static int numberEnd(String text, int from) {
    int end = from;
    while (end < text.length() && digit(text, end)) {
      end++;
    }
    return end;
  }

  private static boolean digit(String text, int at) {
    return text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static char folded(String text, int at) {
    return Character.toLowerCase(Character.toUpperCase(text.charAt(at)));
  }
}
