package io.sightline.storage;

/**
 * Which items of a partition.
 *
 * @param fromSort first sort key, inclusive; null for the first there is
 * @param toSort last sort key, exclusive; null for no end
 * @param limit 1 to 1000
 * @param newestFirst whether in descending order of sort key; {@code fromSort} stays the lower
 *     bound
 */
public record Query(
    String partition, String fromSort, String toSort, int limit, boolean newestFirst) {

  public static final int MAX_LIMIT = 1000;

  public Query {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("A page has 1 to " + MAX_LIMIT + " items, not " + limit);
    }
  }

  /** All of a partition in ascending order, a page at a time. */
  public static Query all(String partition) {
    return new Query(partition, null, null, MAX_LIMIT, false);
  }

  /** The page that continues after {@code page}. */
  public Query after(RecordPage page) {
    if (page.nextSort() == null) {
      throw new IllegalArgumentException("There is no page after the last");
    }
    return newestFirst
        ? new Query(partition, fromSort, page.nextSort(), limit, true)
        : new Query(partition, page.nextSort(), toSort, limit, false);
  }
}
