package io.sightline.storage.s3;

import java.net.URI;

/**
 * How a bucket is reached. Credentials are never named: they come from the SDK's default chain
 * (environment, profile, container, instance).
 *
 * @param region such as {@code eu-west-1}; null for the one of the SDK's default chain
 * @param endpoint of a store other than Amazon's, or of a private network; null for the region's
 * @param pathStyle whether the bucket stands in the path of a URL instead of in its host's name, as
 *     most stores other than Amazon's want it
 */
public record S3Access(String region, String endpoint, boolean pathStyle) {

  /** Amazon's, as the environment says. */
  public static final S3Access DEFAULT = new S3Access(null, null, false);

  public S3Access {
    if (region != null && !region.matches("[A-Za-z0-9-]{1,63}")) {
      throw new IllegalArgumentException("a region is one such as eu-west-1, not '" + region + "'");
    }
    if (endpoint != null && !isServer(endpoint)) {
      throw new IllegalArgumentException(
          "an endpoint is the address of a server, such as http://127.0.0.1:9000, not '"
              + endpoint
              + "'");
    }
  }

  private static boolean isServer(String text) {
    URI endpoint;
    try {
      endpoint = URI.create(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
        && endpoint.getHost() != null
        && endpoint.getUserInfo() == null
        && endpoint.getQuery() == null
        && endpoint.getFragment() == null;
  }
}
