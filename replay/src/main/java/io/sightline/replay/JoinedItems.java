package io.sightline.replay;

import io.sightline.media.cut.Reel;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.replay.ReplaySelection.Choice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The items of a replay as far as all is there that joins them, and what is missing for the rest.
 * What a growing reel shows of its last item is only what stays whatever follows, so that what a
 * playlist named never changes.
 *
 * @param selection what is shown; those that wait for their parts are among the excluded
 * @param open what plays while more may come, in order; may be empty
 * @param closed what plays when nothing follows, in order
 * @param missing parts that have to be made, with the stream of the clip that each is for
 */
record JoinedItems(
    ReplaySelection selection,
    List<ClipIndex> open,
    List<ClipIndex> closed,
    Map<ReelPartOrder, String> missing) {

  private static final String WAITS = "; its transition is being made";

  /** So many parts are asked for before the first of them is there: each look takes its time. */
  private static final int MOST_MISSING = 50;

  /**
   * Reads what is there for a selection.
   *
   * @param audioTrack the only sound track that plays; null for all
   */
  static JoinedItems read(
      ReplaySelection chosen, Joins joins, Integer audioTrack, ClipIndexes indexes, ReelParts parts)
      throws IOException {
    JoinedItems all = new Reading(chosen, joins, audioTrack, indexes, parts).read();
    return audioTrack == null
        ? all
        : new JoinedItems(
            all.selection(),
            all.open().stream().map(index -> index.withSound(audioTrack)).toList(),
            all.closed().stream().map(index -> index.withSound(audioTrack)).toList(),
            all.missing());
  }

  private static final class Reading {

    private final ReplaySelection chosen;
    private final Joins joins;
    private final Integer audioTrack;
    private final ClipIndexes indexes;
    private final ReelParts parts;
    private final Map<ReelPartOrder, String> missing = new LinkedHashMap<>();
    private final Map<String, ReelPart> files = new HashMap<>();
    private final List<ReelPart> items = new ArrayList<>();
    private final List<Choice> shown = new ArrayList<>();
    private final List<Choice> excluded;

    Reading(
        ReplaySelection chosen,
        Joins joins,
        Integer audioTrack,
        ClipIndexes indexes,
        ReelParts parts) {
      this.chosen = chosen;
      this.joins = joins;
      this.audioTrack = audioTrack;
      this.indexes = indexes;
      this.parts = parts;
      this.excluded = new ArrayList<>(chosen.excluded());
    }

    JoinedItems read() throws IOException {
      if (!joins.none() && !chosen.included().isEmpty()) {
        readFiles(chosen.included().get(0).clip());
      }
      for (Choice choice : chosen.included()) {
        Optional<ReelPart> part =
            missing.size() < MOST_MISSING
                ? part(choice.clip(), choice == chosen.included().get(0))
                : Optional.empty();
        if (missing.isEmpty() && part.isPresent()) {
          items.add(part.get());
          shown.add(choice.with(note(choice.clip(), part.get()), before()));
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
      return new JoinedItems(selection, open(), closed(), missing);
    }

    private void readFiles(Clip first) throws IOException {
      ClipIndex form = indexes.get(first.indexKey());
      for (Map.Entry<String, ReelPartOrder> one : joins.files(form, first.indexKey()).entrySet()) {
        Optional<ReelPart> part = parts.find(one.getValue());
        if (part.isPresent()) {
          files.put(one.getKey(), part.get());
        } else {
          missing.put(one.getValue(), first.stream());
        }
      }
    }

    private Optional<ReelPart> part(Clip clip, boolean first) throws IOException {
      if (joins.none()) {
        return Optional.of(plain(clip, null));
      }
      ReelPartOrder order = joins.item(clip.id(), clip.indexKey(), first);
      Optional<ReelPart> found = parts.find(order);
      if (found.isEmpty()) {
        missing.put(order, clip.stream());
        return found;
      }
      String error = found.get().error();
      return error == null
          ? found
          : Optional.of(plain(clip, "it does not fade, for it cannot: " + error));
    }

    private ReelPart plain(Clip clip, String note) throws IOException {
      ClipIndex index = indexes.get(clip.indexKey());
      return new ReelPart(index, index, index, note, null);
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

    private Optional<ClipIndex> file(String key) {
      return Optional.ofNullable(key).map(files::get).map(ReelPart::last);
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
