package io.sightline.bus;

import io.sightline.records.Lane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Knows the newest item of each stream, run and lane on each topic, and so tells what is new from
 * what was seen before. Sequences rise within a lane, and epoch ids sort by time; so one entry per
 * lane is enough: whatever is not above it is a repeat, or comes from an epoch that is over.
 *
 * <p>Bounded: streams that were silent for longest are forgotten first.
 */
final class SequenceFilter {

  static final int MAX_ENTRIES = 10_000;

  /** One lane of one stream, with its newest item. */
  record Entry(String topic, String stream, String run, Lane lane, String epoch, long sequence) {}

  private record Key(String topic, String stream, String run, Lane lane) {}

  private record Newest(String epoch, long sequence) {}

  private final Map<Key, Newest> all =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Newest> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  /** Starts from what {@link #entries()} gave. */
  SequenceFilter(List<Entry> entries) {
    for (Entry entry : entries) {
      all.put(
          new Key(entry.topic(), entry.stream(), entry.run(), entry.lane()),
          new Newest(entry.epoch(), entry.sequence()));
    }
  }

  /** Whether the item is new; it is not from then on. */
  boolean accept(Topic topic, String stream, ItemHeaders.Place place) {
    Key key = new Key(topic.id(), stream, place.run(), place.lane());
    Newest newest = all.get(key);
    if (newest != null) {
      int order = place.epoch().compareTo(newest.epoch());
      if (order < 0 || (order == 0 && place.sequence() <= newest.sequence())) {
        return false;
      }
    }
    all.put(key, new Newest(place.epoch(), place.sequence()));
    return true;
  }

  /** All it knows, longest silent first. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(all.size());
    all.forEach(
        (key, newest) ->
            entries.add(
                new Entry(
                    key.topic(),
                    key.stream(),
                    key.run(),
                    key.lane(),
                    newest.epoch(),
                    newest.sequence())));
    return entries;
  }
}
