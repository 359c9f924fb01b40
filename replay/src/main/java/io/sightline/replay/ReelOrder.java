package io.sightline.replay;

import io.sightline.records.ReplayRules;
import io.sightline.replay.ReplaySelection.Choice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * In which order a reel plays: by position, and what a person ordered takes the places that it has
 * together in the order that was asked for. So all else keeps its place, and what comes later finds
 * its own.
 */
final class ReelOrder {

  private ReelOrder() {}

  /**
   * @param included in order of position
   */
  static List<Choice> of(List<Choice> included, ReplayRules rules) {
    Map<String, Integer> rank = new HashMap<>();
    for (String segment : rules.decisions().order()) {
      rank.put(segment, rank.size());
    }
    TreeMap<Integer, Choice> ordered = new TreeMap<>();
    for (Choice choice : included) {
      Integer place = rank.get(choice.segment().id());
      if (place != null) {
        ordered.put(place, choice);
      }
    }
    Iterator<Choice> next = ordered.values().iterator();
    List<Choice> reel = new ArrayList<>();
    for (Choice choice : included) {
      reel.add(rank.containsKey(choice.segment().id()) ? next.next() : choice);
    }
    return List.copyOf(reel);
  }
}
