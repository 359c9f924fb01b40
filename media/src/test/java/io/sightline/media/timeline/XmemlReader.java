package io.sightline.media.timeline;

import static io.sightline.media.timeline.XmlDocuments.children;
import static io.sightline.media.timeline.XmlDocuments.only;
import static io.sightline.media.timeline.XmlDocuments.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Element;

/**
 * Reads Final Cut Pro 7 XML: files by id, clips by frame numbers, links that must lead somewhere.
 */
final class XmemlReader {

  private final Element sequence;
  private final Map<String, Element> files = new HashMap<>();
  private final Map<String, Element> clips = new HashMap<>();

  XmemlReader(byte[] xml) throws Exception {
    Element root = XmlDocuments.root(xml);
    if (!root.getTagName().equals("xmeml") || !root.getAttribute("version").equals("5")) {
      throw new IllegalArgumentException("No xmeml 5");
    }
    sequence = only(root, "sequence");
  }

  String rate() {
    return text(sequence, "rate", "timebase") + " " + text(sequence, "rate", "ntsc");
  }

  String displayFormat() {
    return text(sequence, "timecode", "displayformat");
  }

  /** The pictures' track, then the tracks of each audio channel. */
  List<List<CutPoint>> read() {
    List<List<CutPoint>> tracks = new ArrayList<>();
    tracks.add(track(only(sequence, "media", "video", "track")));
    for (Element audio : children(only(sequence, "media"), "audio")) {
      children(audio, "track").forEach(track -> tracks.add(track(track)));
    }
    for (Element clip : clips.values()) {
      for (Element link : children(clip, "link")) {
        Element linked = clips.get(text(link, "linkclipref"));
        if (linked == null || !text(linked, "start").equals(text(clip, "start"))) {
          throw new IllegalArgumentException("A link leads nowhere");
        }
      }
    }
    return tracks;
  }

  private List<CutPoint> track(Element track) {
    long start = Long.parseLong(text(sequence, "timecode", "frame"));
    List<CutPoint> cuts = new ArrayList<>();
    for (Element clip : children(track, "clipitem")) {
      if (clips.put(clip.getAttribute("id"), clip) != null) {
        throw new IllegalArgumentException("Two clips have one id");
      }
      Element named = only(clip, "file");
      if (named.hasChildNodes()) {
        files.put(named.getAttribute("id"), named);
      }
      Element file = files.get(named.getAttribute("id"));
      long first = Long.parseLong(text(file, "timecode", "frame"));
      if (number(clip, "out") > Long.parseLong(text(file, "duration"))) {
        throw new IllegalArgumentException("A clip reaches beyond its file");
      }
      cuts.add(
          new CutPoint(
              text(file, "name"),
              first + number(clip, "in"),
              first + number(clip, "out"),
              start + number(clip, "start"),
              start + number(clip, "end")));
    }
    return cuts;
  }

  private static long number(Element parent, String name) {
    return Long.parseLong(text(parent, name));
  }
}
