package io.sightline.launcher.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Which line each key of a YAML document stands in: {@code streams.lobby.inputs[0].url} to 7. */
final class LineIndex {

  private final Map<String, Integer> lines = new HashMap<>();

  LineIndex(Node root) {
    if (root != null) {
      visit("", root);
    }
  }

  /** The line of a key, from 1; of its nearest known parent when the key itself is not there. */
  int line(String path) {
    String candidate = path;
    while (!candidate.isEmpty()) {
      Integer line = lines.get(candidate);
      if (line != null) {
        return line;
      }
      int cut = Math.max(candidate.lastIndexOf('.'), candidate.lastIndexOf('['));
      candidate = cut < 0 ? "" : candidate.substring(0, cut);
    }
    return 1;
  }

  /** The line of a key wherever it stands below a parent. */
  Optional<Integer> lineBelow(String parent, String key) {
    return lines.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(parent) && entry.getKey().endsWith("." + key))
        .map(Map.Entry::getValue)
        .min(Integer::compare);
  }

  private void visit(String path, Node node) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          String child = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
          lines.put(child, key.getStartMark().getLine() + 1);
          visit(child, tuple.getValueNode());
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      int index = 0;
      for (Node item : sequence.getValue()) {
        String child = path + "[" + index++ + "]";
        lines.put(child, item.getStartMark().getLine() + 1);
        visit(child, item);
      }
    }
  }
}
