package io.sightline.ingestgateway.access;

import io.sightline.records.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * A configured token, kept as its SHA-256, so that neither memory nor a log can give it away.
 *
 * @param name who holds it, for people: edits are signed with it
 * @param digest SHA-256 of the token in lower-case hex
 * @param streams the only streams it may touch; empty for all
 */
public record AccessToken(String name, String digest, Scope scope, Set<String> streams) {

  /** Shorter tokens can be guessed. */
  public static final int MIN_LENGTH = 16;

  public AccessToken {
    Ids.requireName("token name", name);
    if (digest == null || !digest.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "The token '" + name + "' must be given as SHA-256 in 64 hex digits");
    }
    streams = streams == null ? Set.of() : Set.copyOf(streams);
    streams.forEach(stream -> Ids.requireName("stream", stream));
  }

  /**
   * A token from its secret.
   *
   * @throws IllegalArgumentException when it is shorter than {@link #MIN_LENGTH} characters
   */
  public static AccessToken of(String name, String token, Scope scope, Set<String> streams) {
    if (token == null || token.length() < MIN_LENGTH) {
      throw new IllegalArgumentException(
          "The token '" + name + "' must have at least " + MIN_LENGTH + " characters");
    }
    return new AccessToken(name, HexFormat.of().formatHex(sha256(token)), scope, streams);
  }

  byte[] digestBytes() {
    return HexFormat.of().parseHex(digest);
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return name + " (" + scope.id() + ")";
  }
}
