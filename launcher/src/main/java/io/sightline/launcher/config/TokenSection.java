package io.sightline.launcher.config;

import java.util.Set;

/**
 * Somebody who may use the HTTP door.
 *
 * @param token what they show; never printed
 * @param scope {@code agent}, {@code viewer}, {@code operator} or {@code admin}
 * @param streams only these; empty for all
 */
public record TokenSection(String token, String scope, Set<String> streams) {

  public TokenSection {
    streams = streams == null ? Set.of() : Set.copyOf(streams);
    if (token == null || token.length() < 16) {
      throw new IllegalArgumentException("a token has at least 16 characters");
    }
    if (scope == null || !Set.of("agent", "viewer", "operator", "admin").contains(scope)) {
      throw new IllegalArgumentException(
          "expected scope agent, viewer, operator or admin, found '" + scope + "'");
    }
  }

  @Override
  public String toString() {
    return "TokenSection[scope=" + scope + ", streams=" + streams + "]";
  }
}
