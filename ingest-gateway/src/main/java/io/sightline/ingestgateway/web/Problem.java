package io.sightline.ingestgateway.web;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that cannot be answered as asked; becomes problem details (RFC 9457). */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String field;

  private Problem(int status, String detail, String field) {
    // Expected and frequent: a stack trace would cost more than the answer.
    super(detail, null, false, false);
    this.status = status;
    this.field = field;
  }

  /**
   * @param detail a sentence for whoever asked
   */
  public static Problem of(int status, String detail) {
    return new Problem(status, detail, null);
  }

  public static Problem notFound(String detail) {
    return of(404, detail);
  }

  /**
   * The same, about a field of the request, so that a form can say it there.
   *
   * @param where its path in the body, such as {@code rules.fill.weights[1].when}
   */
  public Problem at(String where) {
    return new Problem(status, getMessage(), where);
  }

  public int status() {
    return status;
  }

  /** Where in the body; null when it is about none of its fields. */
  String field() {
    return field;
  }

  String title() {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}
