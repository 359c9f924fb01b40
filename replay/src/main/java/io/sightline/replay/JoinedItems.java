package io.sightline.replay;

import io.sightline.media.cut.Reel;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.ReplayItem;
import io.sightline.replay.ReplaySelection.Choice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The items of a replay as far as all is there that joins them, and what is missing for the rest.
 * What a growing reel shows of its last item is only what stays whatever follows, so that what a
 * playlist named never changes.
 *
 * @param selection what is shown; those that wait for their parts are among the excluded
 * @param open what plays while more may come, in order; may be empty
 * @param closed what plays when nothing follows, in order
 * @param missing parts that have to be made, with the stream of the clip that each is for
 * @param waits whether anything is not there yet
 */
record JoinedItems(
    ReplaySelection selection,
    List<ClipIndex> open,
    List<ClipIndex> closed,
    Map<ReelPartOrder, String> missing,
    boolean waits) {

  private static final String WAITS = "; its transition is being made";

  /** So many parts are asked for before the first of them is there: each look takes its time. */
  private static final int MOST_MISSING = 50;

  /**
   * Reads what is there for a selection.
   *
   * @param replay which is about to use it
   * @param audioTrack the only sound track that plays; null for all
   */
  static JoinedItems read(
      String replay,
      ReplaySelection chosen,
      Joins joins,
      Integer audioTrack,
      ClipIndexes indexes,
      ReelParts parts)
      throws IOException {
    JoinedItems all = new Reading(chosen, joins, audioTrack, indexes, parts).read(replay);
    return audioTrack == null
        ? all
        : new JoinedItems(
            all.selection(),
            all.open().stream().map(index -> index.withSound(audioTrack)).toList(),
            all.closed().stream().map(index -> index.withSound(audioTrack)).toList(),
            all.missing(),
            all.waits());
  }

  /**
   * A part that is there.
   *
   * @param key null when it is the clip itself
   */
  private record Found(String key, boolean plain, ReelPart part) {}

  private static final class Reading {

    private final ReplaySelection chosen;
    private final Joins joins;
    private final Integer audioTrack;
    private final ClipIndexes indexes;
    private final ReelParts parts;
    private final Map<ReelPartOrder, String> missing = new LinkedHashMap<>();
    private final Map<String, Found> files = new HashMap<>();
    private final List<ReelPart> items = new ArrayList<>();
    private final List<Choice> shown = new ArrayList<>();
    private final List<Choice> excluded;
    private Map<String, String> keys = Map.of();
    private boolean waits;

    Reading(
        ReplaySelection chosen,
        Joins joins,
        Integer audioTrack,
        ClipIndexes indexes,
        ReelParts parts) {
      this.chosen = chosen;
      this.audioTrack = audioTrack;
      this.joins = joins;
      this.indexes = indexes;
      this.parts = parts;
      this.excluded = new ArrayList<>(chosen.excluded());
    }

    JoinedItems read(String replay) throws IOException {
      List<ReelPartOrder> orders = joins.none() ? List.of() : orders();
      if (!orders.isEmpty()) {
        readFiles(replay, chosen.included().get(0).clip(), orders);
      }
      for (int at = 0; at < chosen.included().size(); at++) {
        Choice choice = chosen.included().get(at);
        Optional<Found> found =
            missing.size() < MOST_MISSING
                ? item(choice.clip(), orders.isEmpty() ? null : orders.get(at))
                : Optional.empty();
        if (!waits && found.isPresent()) {
          items.add(found.get().part());
          shown.add(
              choice.with(note(choice.clip(), found.get().part()), before(), joined(found.get())));
        } else {
          excluded.add(choice.without(choice.reason() + WAITS));
        }
      }
      long end = shown.isEmpty() ? 0 : length(joins.outro());
      ReplaySelection selection =
          new ReplaySelection(
              List.copyOf(shown),
              List.copyOf(excluded),
              chosen.waiting() + chosen.included().size() - shown.size(),
              end);
      return new JoinedItems(selection, open(), closed(), missing, waits);
    }

    /** What each item becomes, in their order. */
    private List<ReelPartOrder> orders() {
      List<ReelPartOrder> orders = new ArrayList<>();
      for (Choice choice : chosen.included()) {
        orders.add(joins.item(choice.clip().id(), choice.clip().indexKey(), orders.isEmpty()));
      }
      return orders;
    }

    private void readFiles(String replay, Clip first, List<ReelPartOrder> orders)
        throws IOException {
      Map<String, ReelPartOrder> wanted =
          joins.files(indexes.get(first.indexKey()), first.indexKey(), audioTrack);
      keys =
          parts.hold(
              replay,
              Stream.concat(wanted.values().stream(), orders.stream())
                  .map(ReelPartOrder::key)
                  .toList());
      for (Map.Entry<String, ReelPartOrder> one : wanted.entrySet()) {
        find(one.getValue(), first.stream()).ifPresent(part -> files.put(one.getKey(), part));
      }
    }

    /**
     * What came of an order; what has not been made yet is missing, and waited for.
     *
     * @param order as {@link Joins} gives it
     */
    private Optional<Found> find(ReelPartOrder order, String stream) throws IOException {
      String key = keys.get(order.key());
      Optional<ReelPart> part = key == null ? Optional.empty() : parts.find(key);
      if (part.isEmpty()) {
        waits = true;
        if (key != null) {
          missing.put(order.under(key), stream);
        }
      }
      boolean plain = order.in() == null && order.out() == null && order.file() == null;
      return part.map(made -> new Found(key, plain, made));
    }

    private Optional<Found> item(Clip clip, ReelPartOrder order) throws IOException {
      if (order == null) {
        return Optional.of(plain(clip, null));
      }
      Optional<Found> found = find(order, clip.stream());
      String error = found.map(one -> one.part().error()).orElse(null);
      return error == null
          ? found
          : Optional.of(plain(clip, "it does not fade, for it cannot: " + error));
    }

    private Found plain(Clip clip, String note) throws IOException {
      ClipIndex index = indexes.get(clip.indexKey());
      return new Found(null, true, new ReelPart(index, index, index, note, null));
    }

    /** Null only where items are not joined by anything. */
    private ReplayItem.Parts joined(Found item) {
      if (joins.none()) {
        return null;
      }
      return ReplayItem.Parts.of(
          item.key(),
          item.plain(),
          keyOf(shown.isEmpty() ? joins.intro() : joins.clip()),
          keyOf(joins.outro()));
    }

    private String keyOf(String file) {
      return file(file).map(index -> files.get(file).key()).orElse(null);
    }

    /** What is said of an item; of the first also what cannot be shown anywhere. */
    private String note(Clip clip, ReelPart part) {
      List<String> words = new ArrayList<>();
      // An optimized clip has one sound track, whichever that is.
      if (audioTrack != null && clip.original()) {
        int sounds = part.last().soundTracks().size();
        if (sounds < audioTrack) {
          words.add(
              "its recording has no sound track "
                  + audioTrack
                  + (sounds == 0 ? ", nor any other" : ", its first plays"));
        }
      }
      if (part.note() != null) {
        words.add(part.note());
      }
      if (shown.isEmpty()) {
        files.values().stream()
            .map(Found::part)
            .filter(file -> file.error() != null)
            .map(file -> "a clip of its transitions cannot be shown: " + file.error())
            .forEach(words::add);
      }
      return words.isEmpty() ? "" : "; " + String.join("; ", words);
    }

    /** How long something plays before the next item. */
    private long before() {
      return length(shown.isEmpty() ? joins.intro() : joins.clip());
    }

    private long length(String file) {
      return file(file).map(Reel::lengthMicros).orElse(0L);
    }

    private Optional<ClipIndex> file(String id) {
      return Optional.ofNullable(id).map(files::get).map(found -> found.part().last());
    }

    private List<ClipIndex> open() {
      List<ClipIndex> open = before(items.size() - 1);
      if (!items.isEmpty()) {
        ClipIndex last = items.get(items.size() - 1).open();
        if (last != null) {
          addFileBefore(items.size() - 1, open);
          open.add(last);
        }
      }
      return open;
    }

    private List<ClipIndex> closed() {
      List<ClipIndex> closed = before(items.size() - 1);
      if (!items.isEmpty()) {
        addFileBefore(items.size() - 1, closed);
        closed.add(items.get(items.size() - 1).last());
        file(joins.outro()).ifPresent(closed::add);
      }
      return closed;
    }

    private List<ClipIndex> before(int end) {
      List<ClipIndex> reel = new ArrayList<>();
      for (int at = 0; at < end; at++) {
        addFileBefore(at, reel);
        reel.add(items.get(at).joined());
      }
      return reel;
    }

    private void addFileBefore(int item, List<ClipIndex> reel) {
      file(item == 0 ? joins.intro() : joins.clip()).ifPresent(reel::add);
    }
  }
}
