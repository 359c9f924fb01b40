package io.sightline.edgecapture.kvs;

import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Rational;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far a stream has been read. A live session begins some fragments before the newest, which the
 * session before has given already; the producer's times, which go on from session to session, tell
 * them apart. Times that begin anew are taken as new. One thread.
 */
final class ReadSoFar {

  /** More than the playlist of a session holds: further back, times have begun anew. */
  private static final long MAX_REPEATED_SECONDS = 120;

  /** What makes times comparable. */
  private record Form(int index, String codec, Rational timeBase) {}

  private List<Form> forms = List.of();
  private final Map<Integer, Long> lastTicks = new HashMap<>();
  private final Set<Integer> repeating = new HashSet<>();

  /** A session begins. */
  void begin(List<SourceTrack> tracks) {
    List<Form> fresh =
        tracks.stream()
            .map(track -> new Form(track.index(), track.codec(), track.timeBase()))
            .toList();
    if (!fresh.equals(forms)) {
      forms = fresh;
      lastTicks.clear();
    }
    repeating.clear();
    repeating.addAll(lastTicks.keySet());
  }

  /** Whether a packet, which is the next of its track, has not been read before. */
  boolean isNew(Packet packet, Rational timeBase) {
    if (packet.dts() == Packet.ABSENT) {
      return true;
    }
    if (repeating.contains(packet.track())) {
      long behind = lastTicks.get(packet.track()) - packet.dts();
      if (behind >= 0
          && Rational.rescale(behind, timeBase, new Rational(1, 1)) <= MAX_REPEATED_SECONDS) {
        return false;
      }
      repeating.remove(packet.track());
    }
    lastTicks.put(packet.track(), packet.dts());
    return true;
  }
}
