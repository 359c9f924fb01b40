package io.sightline.edgecapture.mjpeg;

import java.net.URI;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Follows a camera from http and https to http and https, and nowhere else. */
final class WebRedirects extends DefaultRedirectStrategy {

  @Override
  public URI getLocationURI(HttpRequest request, HttpResponse response, HttpContext context)
      throws HttpException {
    URI location;
    try {
      location = super.getLocationURI(request, response, context);
    } catch (ProtocolException e) {
      throw new Refused(" leads to something that is no URL", e);
    }
    String scheme = location.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      throw new Refused(
          " leads to something that a camera may not lead to: only http and https are followed",
          null);
    }
    if (location.getRawAuthority() == null) {
      throw new Refused(" leads to no host", null);
    }
    return location;
  }

  /** The end of a sentence that begins with the camera's name; null when it was something else. */
  static String refusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refused) {
        return cause.getMessage();
      }
      if (cause instanceof RedirectException) {
        return " leads on and on, or in a circle";
      }
    }
    return null;
  }

  private static final class Refused extends ProtocolException {
    private static final long serialVersionUID = 1;

    Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
