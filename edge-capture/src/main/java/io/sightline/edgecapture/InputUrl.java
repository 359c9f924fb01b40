package io.sightline.edgecapture;

import io.sightline.media.source.DeviceAddress;
import io.sightline.records.InputSpec;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An input's URL as it was declared, understood: a file or a folder, a device, or something pulled
 * over a network. Files and folders take the options {@code ?realtime} (played at media time, like
 * a camera) and {@code ?loop} (the same, again and again), folders also {@code ?watch} (what comes
 * into it is taken, for ever); all of a network URL is the server's.
 *
 * <p>{@code rtmp-listen} is no address but a place at this agent's RTMP target.
 *
 * @param url what is opened; may hold credentials
 * @param safeUrl the same for people, without credentials
 * @param file or folder, absolute; null for all others
 * @param realtime whether it is read no faster than it plays
 * @param loop whether it begins again at its end
 * @param watch whether it is a folder whose files are taken as they come
 * @param kind what opens it; null for files and for what FFmpeg or this agent's own code opens
 */
record InputUrl(
    String url,
    String safeUrl,
    Path file,
    boolean realtime,
    boolean loop,
    boolean watch,
    SourceKind kind) {

  private static final String DEVICE = "device";

  private static final Set<String> NETWORK =
      Set.of("rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "srt", "udp", "tcp");

  /** At least two letters, so that a Windows drive is no scheme. */
  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):.*");

  /**
   * @param directory against which a relative path is resolved
   * @throws IllegalArgumentException with a sentence, when it is no such URL
   */
  static InputUrl parse(String declared, Path directory) {
    if (declared.equals(InputSpec.RTMP_TARGET)) {
      return live(declared, declared, null);
    }
    Matcher scheme = SCHEME.matcher(declared);
    if (!scheme.matches()) {
      return file(declared, declared, directory, false);
    }
    String name = scheme.group(1).toLowerCase(Locale.ROOT);
    if (name.equals("file")) {
      return file(declared, declared.substring("file:".length()), directory, true);
    }
    if (name.equals(DEVICE)) {
      DeviceAddress.parse(declared);
      return live(declared, InputSpec.safe(declared), null);
    }
    SourceKind kind = SourceKinds.of(name);
    if (kind != null) {
      kind.check(declared);
      return live(declared, InputSpec.safe(declared), kind);
    }
    if (!NETWORK.contains(name)) {
      throw new IllegalArgumentException(
          "Sources of the kind '"
              + name
              + ":' cannot be captured; these can: files, folders, device, "
              + String.join(
                  ", ",
                  Stream.concat(NETWORK.stream(), SourceKinds.schemes().stream())
                      .sorted()
                      .toList()));
    }
    return live(declared, InputSpec.safe(declared), null);
  }

  /** Whether an encoder publishes it to this agent. */
  boolean published() {
    return url.equals(InputSpec.RTMP_TARGET);
  }

  /** Whether its server says what it is. */
  boolean overHttp() {
    return url.regionMatches(true, 0, "http://", 0, 7)
        || url.regionMatches(true, 0, "https://", 0, 8);
  }

  /** Whether it comes in pieces, between which silence is no fault. */
  boolean inPieces() {
    return watch || kind != null && kind.inPieces();
  }

  /** Whether it is read as it comes; otherwise as fast as it can be worked off. */
  boolean live() {
    return file == null || realtime || watch;
  }

  private static InputUrl live(String url, String safeUrl, SourceKind kind) {
    return new InputUrl(url, safeUrl, null, false, false, false, kind);
  }

  private static InputUrl file(String declared, String rest, Path directory, boolean encoded) {
    int question = rest.indexOf('?');
    String path = question < 0 ? rest : rest.substring(0, question);
    boolean realtime = false;
    boolean loop = false;
    boolean watch = false;
    for (String option :
        question < 0 ? new String[0] : rest.substring(question + 1).split("&", -1)) {
      switch (option) {
        case "realtime" -> realtime = true;
        case "loop" -> loop = true;
        case "watch" -> watch = true;
        default ->
            throw new IllegalArgumentException(
                "The file '"
                    + path
                    + "' has the unknown option '"
                    + option
                    + "'; a file takes ?realtime and ?loop, a folder also ?watch");
      }
    }
    if (watch && (realtime || loop)) {
      throw new IllegalArgumentException(
          "The folder '" + path + "' is watched (?watch) or played (?realtime, ?loop), not both");
    }
    try {
      Path file = directory.resolve(encoded ? decoded(path) : path).normalize();
      return new InputUrl(
          "file:" + file, file.toString(), file, realtime || loop, loop, watch, null);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + declared + "' is no path of a file", e);
    }
  }

  /** {@code file:a.mp4} and {@code file:///data/a%20b.mp4} are both meant as they look. */
  private static String decoded(String path) {
    String local = path.startsWith("//") ? path.substring(path.indexOf('/', 2)) : path;
    try {
      return local.indexOf('%') < 0 ? local : URI.create(local.replace(" ", "%20")).getPath();
    } catch (IllegalArgumentException e) {
      return local;
    }
  }

  @Override
  public String toString() {
    return safeUrl;
  }
}
