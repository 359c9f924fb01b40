package io.sightline.ingestgateway.access;

import io.netty.util.NetUtil;
import io.sightline.ingestgateway.web.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps pages of other sites out. A name that an attacker makes point at this machine (DNS
 * rebinding) arrives in the Host header: only addresses, {@code localhost} and configured names are
 * answered. A page of another origin that asks with the user's cookie arrives with its Origin.
 */
public final class Origins implements Handler<RoutingContext> {

  private final Set<String> names;

  /**
   * @param names host names that this server is reached by, besides addresses and {@code localhost}
   */
  public Origins(Set<String> names) {
    this.names =
        names.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void handle(RoutingContext context) {
    HostAndPort authority = context.request().authority();
    if (authority == null || !known(authority.host())) {
      throw Problem.of(
          421,
          "This server does not go by the host name of the request; configure it under http.hosts.");
    }
    context.next();
  }

  private boolean known(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    String bare =
        name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    return name.equals("localhost")
        || names.contains(name)
        || NetUtil.isValidIpV4Address(bare)
        || NetUtil.isValidIpV6Address(bare);
  }

  /**
   * Refuses what a page of another origin sends.
   *
   * @throws Problem 403 when Origin or Sec-Fetch-Site names another origin
   */
  public static void requireSame(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      throw foreign();
    }
    String origin = request.getHeader("Origin");
    if (origin != null && !sameHost(origin, request.authority())) {
      throw foreign();
    }
  }

  private static boolean sameHost(String origin, HostAndPort authority) {
    try {
      URI uri = URI.create(origin);
      int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
      int ours = authority.port() > 0 ? authority.port() : port;
      return authority.host().equalsIgnoreCase(uri.getHost()) && ours == port;
    } catch (IllegalArgumentException | NullPointerException e) {
      return false;
    }
  }

  private static Problem foreign() {
    return Problem.of(403, "Pages of another origin may not do this.");
  }
}
