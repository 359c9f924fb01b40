package io.sightline.media.timeline;

import static io.sightline.media.timeline.XmlDocuments.children;
import static io.sightline.media.timeline.XmlDocuments.only;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Reads Final Cut Pro XML: every time must be a whole number of its format's frames. */
final class FcpxmlReader {

  private final Map<String, Fraction> frameDurations = new HashMap<>();
  private final Map<String, Element> assets = new HashMap<>();
  private final Element sequence;

  FcpxmlReader(byte[] xml) throws Exception {
    Element root = XmlDocuments.root(xml);
    if (!root.getTagName().equals("fcpxml") || !root.getAttribute("version").equals("1.9")) {
      throw new IllegalArgumentException("No FCPXML 1.9");
    }
    Element resources = only(root, "resources");
    for (Element format : children(resources, "format")) {
      frameDurations.put(
          format.getAttribute("id"), Fraction.seconds(format.getAttribute("frameDuration")));
    }
    for (Element asset : children(resources, "asset")) {
      assets.put(asset.getAttribute("id"), asset);
      if (only(asset, "media-rep").getAttribute("src").isEmpty()) {
        throw new IllegalArgumentException("An asset without a file");
      }
    }
    sequence = only(root, "library", "event", "project", "sequence");
  }

  String tcFormat() {
    return sequence.getAttribute("tcFormat");
  }

  List<CutPoint> read() {
    Fraction frame = frameDurations.get(sequence.getAttribute("format"));
    long at = frames(sequence, "tcStart", frame);
    List<CutPoint> cuts = new ArrayList<>();
    Element spine = only(sequence, "spine");
    for (Node node = spine.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (!(node instanceof Element item)) {
        continue;
      }
      long length = frames(item, "duration", frame);
      if (frames(item, "offset", frame) != at) {
        throw new IllegalArgumentException("The spine has a hole at " + at);
      }
      if (item.getTagName().equals("asset-clip")) {
        Element asset = assets.get(item.getAttribute("ref"));
        Fraction assetFrame = frameDurations.get(asset.getAttribute("format"));
        long in = frames(item, "start", assetFrame);
        long first = frames(asset, "start", assetFrame);
        if (in < first || in + length > first + frames(asset, "duration", assetFrame)) {
          throw new IllegalArgumentException("A clip reaches beyond its asset");
        }
        cuts.add(new CutPoint(asset.getAttribute("name"), in, in + length, at, at + length));
      } else if (!item.getTagName().equals("gap")) {
        throw new IllegalArgumentException("Not known here: " + item.getTagName());
      }
      at += length;
    }
    return cuts;
  }

  private static long frames(Element element, String attribute, Fraction frame) {
    Fraction time = Fraction.seconds(element.getAttribute(attribute));
    BigInteger[] parts =
        time.over().multiply(frame.under()).divideAndRemainder(time.under().multiply(frame.over()));
    if (parts[1].signum() != 0) {
      throw new IllegalArgumentException(attribute + " is not on a frame: " + time);
    }
    return parts[0].longValueExact();
  }

  private record Fraction(BigInteger over, BigInteger under) {

    static Fraction seconds(String text) {
      if (!text.matches("\\d+(/\\d+)?s")) {
        throw new IllegalArgumentException("No time: '" + text + "'");
      }
      String[] parts = text.substring(0, text.length() - 1).split("/");
      return new Fraction(
          new BigInteger(parts[0]), parts.length == 1 ? BigInteger.ONE : new BigInteger(parts[1]));
    }
  }
}
