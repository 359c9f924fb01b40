package io.sightline.bus;

import java.util.List;

/**
 * Some failed records, oldest first within a topic.
 *
 * @param next what to go on after; null when there are no more
 */
public record FailedPage(List<FailedRecord> items, String next) {

  public FailedPage {
    items = List.copyOf(items);
  }
}
