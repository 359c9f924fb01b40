package io.sightline.edgecapture;

import io.sightline.edgecapture.Draft.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;

/**
 * The drafts of one epoch in the order they were made, before they have sequences. Not thread-safe.
 */
final class WaitingDrafts {

  private final LinkedList<Draft> drafts = new LinkedList<>();
  private int frames;
  private int chunks;

  void add(Draft draft) {
    drafts.add(draft);
    count(draft, 1);
  }

  Draft peek() {
    return drafts.peek();
  }

  Draft poll() {
    Draft draft = drafts.poll();
    if (draft != null) {
      count(draft, -1);
    }
    return draft;
  }

  Draft last() {
    return drafts.peekLast();
  }

  /** The first that may be dropped; null when there is none. */
  Draft firstDroppable() {
    for (Draft draft : drafts) {
      if (draft.droppable()) {
        return draft;
      }
    }
    return null;
  }

  /** The first of those that are on disk alone, up to so many bytes of them; at least one. */
  List<Draft> onDiskAlone(long maxBytes) {
    List<Draft> first = new ArrayList<>();
    long bytes = 0;
    for (Draft draft : drafts) {
      if (draft.inMemory()) {
        continue;
      }
      bytes += draft.payloadBytes();
      if (bytes > maxBytes && !first.isEmpty()) {
        break;
      }
      first.add(draft);
    }
    return first;
  }

  /** Takes one out, wherever it is. */
  void remove(Draft draft) {
    if (drafts.remove(draft)) {
      count(draft, -1);
    }
  }

  int size() {
    return drafts.size();
  }

  boolean isEmpty() {
    return drafts.isEmpty();
  }

  boolean hasMedia() {
    return frames > 0 || chunks > 0;
  }

  /** Takes out the oldest of a kind; null when there is none. */
  Draft removeOldest(Kind kind) {
    if ((kind == Kind.FRAME ? frames : chunks) == 0) {
      return null;
    }
    Iterator<Draft> each = drafts.iterator();
    while (each.hasNext()) {
      Draft draft = each.next();
      if (draft.kind() == kind) {
        each.remove();
        count(draft, -1);
        return draft;
      }
    }
    return null;
  }

  /** Takes out all. */
  List<Draft> removeAll() {
    List<Draft> all = List.copyOf(drafts);
    drafts.clear();
    frames = 0;
    chunks = 0;
    return all;
  }

  private void count(Draft draft, int change) {
    frames += draft.kind() == Kind.FRAME ? change : 0;
    chunks += draft.kind() == Kind.CHUNK ? change : 0;
  }
}
