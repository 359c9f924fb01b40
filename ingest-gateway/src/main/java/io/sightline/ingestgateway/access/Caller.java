package io.sightline.ingestgateway.access;

import io.sightline.ingestgateway.web.Problem;
import java.util.Set;

/**
 * Who asks.
 *
 * @param streams the only streams allowed; empty for all
 */
public record Caller(String name, Scope scope, Set<String> streams) {

  public boolean sees(String stream) {
    return streams.isEmpty() || streams.contains(stream);
  }

  /**
   * A stream that one may not see is answered like one that is not there, so that names cannot be
   * found out by asking.
   *
   * @throws Problem 404 when the caller does not see the stream
   */
  public void requireStream(String stream) {
    if (!sees(stream)) {
      throw Problem.notFound("There is no stream '" + stream + "'.");
    }
  }
}
