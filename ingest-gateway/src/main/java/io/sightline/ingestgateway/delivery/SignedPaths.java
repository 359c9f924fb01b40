package io.sightline.ingestgateway.delivery;

import io.sightline.ingestgateway.access.Signer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths that open without a token: {@code /m/{expiry}.{signature}/clips/{clip}/…}. The signature
 * covers the expiry and what is opened ({@code clips/{clip}}, {@code replays/{id}/{version}} or one
 * picture), so it opens exactly that. The expiry is rounded: the same thing has the same URL for
 * hours, and can be cached. Thread-safe.
 */
public final class SignedPaths {

  private static final Pattern PATH =
      Pattern.compile(
          "/m/(\\d{1,12})\\.([A-Za-z0-9_-]{10,64})"
              + "/(clips/[a-z0-9.-]{1,250}|replays/[a-z0-9-]{1,63}/\\d{1,9}|pictures)"
              + "/([A-Za-z0-9._/-]{1,900})");

  private final Signer signer;
  private final long goodSeconds;
  private final Clock clock;

  public SignedPaths(Signer signer, Duration goodFor, Clock clock) {
    this.signer = signer;
    this.goodSeconds = goodFor.toSeconds();
    this.clock = clock;
  }

  /** The folder of a clip, with a slash at its end. */
  public String clip(String clip) {
    return folder("clips/" + clip);
  }

  /** The folder of a replay's version, with a slash at its end. */
  public String replay(String replay, int version) {
    return folder("replays/" + replay + "/" + version);
  }

  /** A picture by its object key. */
  public String picture(String key) {
    long expiry = expiry();
    return "/m/"
        + expiry
        + "."
        + signer.sign(signed(expiry, "pictures/" + key))
        + "/pictures/"
        + key;
  }

  /**
   * What a path opens.
   *
   * @param folder {@code clips/{clip}}, {@code replays/{id}/{version}} or {@code pictures}
   * @param file the rest of the path
   * @param goodSeconds how long it stays good
   */
  public record Opened(String folder, String file, long goodSeconds) {}

  /** What {@code path} opens; empty when it is none of ours, or no longer good. */
  public Optional<Opened> open(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long expiry = Long.parseLong(matcher.group(1));
    String folder = matcher.group(3);
    String file = matcher.group(4);
    String what = folder.equals("pictures") ? "pictures/" + file : folder;
    boolean ours = signer.verifies(signed(expiry, what), matcher.group(2));
    long left = expiry - clock.instant().getEpochSecond();
    return ours && left > 0 ? Optional.of(new Opened(folder, file, left)) : Optional.empty();
  }

  private String folder(String what) {
    long expiry = expiry();
    return "/m/" + expiry + "." + signer.sign(signed(expiry, what)) + "/" + what + "/";
  }

  /** At least as far off as promised, on a grid of half of that. */
  private long expiry() {
    long step = Math.max(1, goodSeconds / 2);
    long least = clock.instant().getEpochSecond() + goodSeconds;
    return (least + step - 1) / step * step;
  }

  private static String signed(long expiry, String what) {
    return "media\n" + expiry + "\n" + what;
  }
}
