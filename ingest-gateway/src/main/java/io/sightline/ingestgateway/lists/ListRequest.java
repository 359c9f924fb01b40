package io.sightline.ingestgateway.lists;

import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Ids;

/**
 * What is asked of a list.
 *
 * @param stream null for all that the caller sees
 * @param run null for all
 * @param from first position, inclusive
 * @param to last position, exclusive; null for no bound
 * @param cursor null from the newest
 */
record ListRequest(
    Caller caller, String stream, String run, long from, Long to, int limit, Cursor cursor) {

  private static final long MAX_POSITION = 9_999_999_999_999_999L;

  ListRequest {
    if (stream != null) {
      caller.requireStream(stream);
    }
    if (to != null && to <= from) {
      throw Problem.of(400, "'to' must lie after 'from'.");
    }
    if (from > MAX_POSITION || (to != null && to > MAX_POSITION)) {
      throw Problem.of(400, "'from' and 'to' are microseconds since 1970, before the year 2286.");
    }
  }

  /** Sort keys begin with a position of fixed width. */
  String fromSort() {
    return Ids.fixedWidth(from);
  }

  String toSort() {
    return to == null ? null : Ids.fixedWidth(to);
  }

  boolean wants(String itemStream, String itemRun) {
    return caller.sees(itemStream) && (run == null || run.equals(itemRun));
  }
}
