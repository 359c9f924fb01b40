package io.sightline.ingestgateway.lists;

import io.sightline.records.Positions;
import io.sightline.storage.Page;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads lists page by page, leaving out what does not match. How much one request reads is bounded;
 * a page may therefore be short, or even empty, and still have a next one.
 */
final class Listing<T> {

  private static final int MAX_READ = 5_000;
  private static final int MIN_READ = 50;
  private static final int MAX_EMPTY_DAYS = 400;
  private static final LocalDate FIRST_DAY = LocalDate.of(1970, 1, 1);

  /**
   * @param next null when nothing follows
   */
  record Found<T>(List<T> items, Cursor next) {}

  private final Records<T> records;
  private final Function<T, String> sortOf;
  private final Clock clock;

  Listing(RecordStore store, Class<T> type, Function<T, String> sortOf, Clock clock) {
    this.records = Records.of(store, type);
    this.sortOf = sortOf;
    this.clock = clock;
  }

  /** Newest first within one partition. */
  Future<Found<T>> within(
      String partition, String fromSort, String toSort, int limit, Predicate<T> wanted) {
    Search search = new Search(fromSort, limit, wanted);
    return search
        .read(partition, toSort)
        .map(bound -> new Found<>(search.items, bound == null ? null : Cursor.below(bound)));
  }

  /** In order within one partition. */
  Future<Found<T>> ascending(String partition, String fromSort, String toSort, int limit) {
    return records
        .query(new Query(partition, fromSort, toSort, limit, false))
        .map(
            page ->
                new Found<>(
                    page.items(),
                    page.raw().nextSort() == null ? null : Cursor.below(page.raw().nextSort())));
  }

  /** Newest first over the partitions of days, as far back as the request reaches. */
  Future<Found<T>> byDay(
      Function<String, String> partitionOfDay, ListRequest request, Predicate<T> wanted) {
    LocalDate last =
        request.to() == null
            // Clocks differ, and a file may say that it is from tomorrow.
            ? LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1)
            : Positions.utc(request.to() - 1).toLocalDate();
    LocalDate first = Positions.utc(request.from()).toLocalDate();
    String bound = request.toSort();
    Cursor cursor = request.cursor();
    if (cursor != null && cursor.day() != null && !cursor.day().isAfter(last)) {
      last = cursor.day();
      bound = cursor.bound() == null ? bound : cursor.bound();
    }
    Search search = new Search(request.fromSort(), request.limit(), wanted);
    LocalDate floor = first.isBefore(FIRST_DAY) ? FIRST_DAY : first;
    return days(search, partitionOfDay, last, bound, floor, MAX_EMPTY_DAYS);
  }

  private Future<Found<T>> days(
      Search search,
      Function<String, String> partitionOfDay,
      LocalDate day,
      String bound,
      LocalDate floor,
      int daysLeft) {
    if (day.isBefore(floor)) {
      return Future.succeededFuture(new Found<>(search.items, null));
    }
    if (daysLeft == 0) {
      return Future.succeededFuture(new Found<>(search.items, new Cursor(day, null)));
    }
    return search
        .read(partitionOfDay.apply(day.toString()), bound)
        .compose(
            rest ->
                rest != null
                    ? Future.succeededFuture(new Found<>(search.items, new Cursor(day, rest)))
                    : search.complete()
                        ? Future.succeededFuture(
                            new Found<>(search.items, new Cursor(day.minusDays(1), null)))
                        : days(
                            search, partitionOfDay, day.minusDays(1), null, floor, daysLeft - 1));
  }

  /** What one request has read and found so far. */
  private final class Search {
    private final String fromSort;
    private final int limit;
    private final Predicate<T> wanted;
    private final List<T> items = new ArrayList<>();
    private int left = MAX_READ;

    Search(String fromSort, int limit, Predicate<T> wanted) {
      this.fromSort = fromSort;
      this.limit = limit;
      this.wanted = wanted;
    }

    boolean complete() {
      return items.size() >= limit || left <= 0;
    }

    /**
     * @return below which sort key this partition goes on; null when it holds no more
     */
    Future<String> read(String partition, String toSort) {
      int size = Math.min(Query.MAX_LIMIT, Math.max(limit - items.size(), MIN_READ));
      return records
          .query(new Query(partition, fromSort, toSort, size, true))
          .compose(page -> take(partition, page));
    }

    private Future<String> take(String partition, Page<T> page) {
      left -= Math.max(1, page.items().size());
      String rest = page.raw().nextSort();
      for (int i = 0; i < page.items().size(); i++) {
        T item = page.items().get(i);
        if (wanted.test(item)) {
          items.add(item);
          if (items.size() >= limit && i < page.items().size() - 1) {
            return Future.succeededFuture(sortOf.apply(item));
          }
        }
      }
      return rest == null || complete() ? Future.succeededFuture(rest) : read(partition, rest);
    }
  }
}
