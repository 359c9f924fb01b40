package io.sightline.launcher.config;

import java.util.List;

/**
 * The one HTTP door.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param allowedHosts further names under which browsers may reach it
 */
public record HttpSection(String host, Integer port, List<String> allowedHosts) {

  public HttpSection {
    host = host == null ? "127.0.0.1" : host;
    port = port == null ? 8080 : port;
    allowedHosts = allowedHosts == null ? List.of() : List.copyOf(allowedHosts);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("expected a port from 0 to 65535, found " + port);
    }
  }
}
