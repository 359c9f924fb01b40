package io.sightline.ingestgateway.web;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Headers that keep browsers from doing more with an answer than is meant. No answer carries a CORS
 * header: pages of other origins stay closed out.
 */
public final class SecurityHeaders implements Handler<RoutingContext> {

  private final String policy;

  /**
   * @param inlineScripts CSP hashes ({@code 'sha256-…'}) of the dashboard's inline scripts
   */
  public SecurityHeaders(List<String> inlineScripts) {
    // hls.js starts its worker from a blob, and plays through Media Source blobs.
    this.policy =
        "default-src 'self'; script-src 'self' "
            + String.join(" ", inlineScripts)
            + "; worker-src 'self' blob:; media-src 'self' blob:; img-src 'self' data: blob:;"
            + " style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none';"
            + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }

  @Override
  public void handle(RoutingContext context) {
    MultiMap headers = context.response().headers();
    headers.set("Content-Security-Policy", policy);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    context.next();
  }
}
