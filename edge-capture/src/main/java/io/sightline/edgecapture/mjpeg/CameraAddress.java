package io.sightline.edgecapture.mjpeg;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.InputSpec;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a camera, taken apart. People write user and password as they are or percent-encoded,
 * and the rest of the URL with characters that belong into none; both are understood. Read as RFC
 * 3986 says wherever that is possible: only a password that holds a {@code /}, {@code ?} or {@code
 * #} and leaves no host to be read that way is taken as it stands.
 *
 * @param uri without user, password and fragment
 * @param user null when there are no credentials
 * @param password may be empty; null when there are no credentials
 * @param name for people: without credentials and query
 */
record CameraAddress(URI uri, String user, String password, String name) {

  private static final Pattern SCHEME = Pattern.compile("(?i)(https?)://(.*)", Pattern.DOTALL);
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:@\\[\\]\\s]+)(:\\d*)?");
  private static final String ALLOWED = "-._~:/?@!$&'()*+,;=";

  /**
   * @throws MediaException NOT_FOUND when no host can be read from it
   */
  static CameraAddress of(String url) throws MediaException {
    String name = InputSpec.safe(url);
    Matcher scheme = SCHEME.matcher(url);
    if (!scheme.matches()) {
      throw new MediaException(Reason.NOT_FOUND, name + " is no http or https URL");
    }
    String rest = scheme.group(2);
    int end = endOfAuthority(rest);
    String authority = rest.substring(0, end);
    int at = authority.lastIndexOf('@');
    String host = authority.substring(at + 1);
    if (!HOST.matcher(host).matches()) {
      at = rest.lastIndexOf('@');
      end = at + 1 + endOfAuthority(rest.substring(at + 1));
      host = rest.substring(at + 1, end);
    }
    if (!HOST.matcher(host).matches()) {
      throw new MediaException(Reason.NOT_FOUND, name + " names no host");
    }
    String user = at < 0 ? null : rest.substring(0, at);
    int colon = user == null ? -1 : user.indexOf(':');
    String password = user == null ? null : colon < 0 ? "" : user.substring(colon + 1);
    return new CameraAddress(
        uri(scheme.group(1), host, rest.substring(end), name),
        user == null ? null : decoded(colon < 0 ? user : user.substring(0, colon)),
        password == null ? null : decoded(password),
        name);
  }

  private static URI uri(String scheme, String host, String rest, String name)
      throws MediaException {
    int fragment = rest.indexOf('#');
    String path = fragment < 0 ? rest : rest.substring(0, fragment);
    String begun = path.startsWith("/") ? path : "/" + path;
    try {
      URI uri = new URI(scheme + "://" + host + encoded(begun));
      // Some hosts have a name that is none for a URI, such as cam_1; they have no getHost().
      if (uri.getRawAuthority() != null && uri.getPort() <= 65_535) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below; the message would quote what is not for people.
    }
    throw new MediaException(Reason.NOT_FOUND, name + " names no host that can be looked for");
  }

  private static int endOfAuthority(String rest) {
    int end = 0;
    while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  /** What may stand in a URL stays, also what is encoded already. */
  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xff);
      boolean stays =
          c < 0x80 && (Character.isLetterOrDigit(c) || ALLOWED.indexOf(c) >= 0)
              || c == '%' && escaped(bytes, i) >= 0;
      if (stays) {
        encoded.append(c);
      } else {
        encoded.append(String.format("%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }

  /** A percent sign that begins no escape is meant as it stands. */
  private static String decoded(String text) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      int escaped = bytes[i] == '%' ? escaped(bytes, i) : -1;
      decoded.write(escaped < 0 ? bytes[i] : escaped);
      i += escaped < 0 ? 0 : 2;
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  private static int escaped(byte[] bytes, int percent) {
    if (percent + 2 >= bytes.length) {
      return -1;
    }
    int high = Character.digit(bytes[percent + 1], 16);
    int low = Character.digit(bytes[percent + 2], 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  @Override
  public String toString() {
    return name;
  }
}
