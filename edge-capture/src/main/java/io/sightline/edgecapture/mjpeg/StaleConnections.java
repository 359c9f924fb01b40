package io.sightline.edgecapture.mjpeg;

import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Asks once more when a connection that was kept turns out to be closed. Everything else is a fault
 * of the source, which is opened again anyway.
 */
final class StaleConnections extends DefaultHttpRequestRetryStrategy {

  StaleConnections() {
    super(1, TimeValue.ZERO_MILLISECONDS);
  }

  @Override
  public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
    return false;
  }
}
