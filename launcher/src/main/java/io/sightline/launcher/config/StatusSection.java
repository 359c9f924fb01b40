package io.sightline.launcher.config;

/**
 * Where a process without the gateway tells those who watch over it.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 */
public record StatusSection(String host, Integer port) {

  public StatusSection {
    host = host == null ? "127.0.0.1" : host;
    port = port == null ? 0 : port;
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("expected a port from 0 to 65535, found " + port);
    }
  }
}
