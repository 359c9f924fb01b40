package io.sightline.ingestgateway.web;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that cannot be answered as asked; becomes problem details (RFC 9457). */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  private Problem(int status, String detail) {
    // Expected and frequent: a stack trace would cost more than the answer.
    super(detail, null, false, false);
    this.status = status;
  }

  /**
   * @param detail a sentence for whoever asked
   */
  public static Problem of(int status, String detail) {
    return new Problem(status, detail);
  }

  public static Problem notFound(String detail) {
    return new Problem(404, detail);
  }

  public int status() {
    return status;
  }

  String title() {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}
