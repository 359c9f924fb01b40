package io.sightline.launcher.roles;

import io.sightline.edgecapture.CaptureShare;
import io.sightline.launcher.RequestException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the processes that do the capture of another. Its share stands among its arguments; where
 * it sends to is the first line of its standard input, since nothing secret may stand there.
 */
record Worker(CaptureShare share, Destination destination) {

  private static final Pattern SHARE = Pattern.compile("(\\d{1,3})/(\\d{1,3})");

  /**
   * Where it sends to.
   *
   * @param gateway null when streams and sink are those of its file
   * @param token for that; null without a gateway
   */
  record Destination(String gateway, String token) {

    @Override
    public String toString() {
      return "Destination[" + gateway + "]";
    }
  }

  /** Such as {@code 1/2}: people count from one. */
  String name() {
    return (share.index() + 1) + "/" + share.count();
  }

  /**
   * A share as {@link #name()} says it.
   *
   * @throws RequestException when it is none
   */
  static CaptureShare share(String name) throws RequestException {
    Matcher parts = SHARE.matcher(name);
    try {
      if (parts.matches()) {
        return new CaptureShare(
            Integer.parseInt(parts.group(1)) - 1, Integer.parseInt(parts.group(2)));
      }
    } catch (IllegalArgumentException e) {
      // It is said below.
    }
    throw new RequestException(
        "--worker: expected one such as 1/2, the first of two, found '" + name + "'");
  }
}
