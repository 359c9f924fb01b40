package io.sightline.media.timeline;

import io.sightline.records.Rational;
import io.sightline.records.Timecode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Final Cut Pro 7 XML Interchange Format, version 5, which Premiere Pro, Resolve and Media Composer
 * read: one sequence, a track of pictures and a track for each audio channel. It counts by whole
 * frames a second, slowed down by 1000/1001 where {@code ntsc} says so.
 */
final class XmemlFormat implements TimelineFormat.Form {

  private static final int CLIP_BYTES = 800;
  private static final int LINK_BYTES = 200;
  private static final long MAX_BYTES = 64_000_000;
  private static final int SAMPLE_BITS = 16;
  private static final int DEFAULT_SAMPLE_RATE = 48_000;

  @Override
  public List<byte[]> write(Timeline timeline) throws TimelineException {
    requireCountable(timeline.rate());
    for (TimelineSource source : timeline.sources()) {
      requireCountable(source.rate());
    }
    requireSize(timeline);
    return List.of(new Document(timeline).bytes());
  }

  /** Each clip of each track names all others of its cut, so many channels make it large. */
  private static void requireSize(Timeline timeline) throws TimelineException {
    long bytes = 0;
    for (TimelineEntry entry : timeline.entries()) {
      long tracks = 1L + timeline.sourceOf(entry).channels();
      bytes += tracks * (CLIP_BYTES + tracks * LINK_BYTES);
    }
    if (bytes > MAX_BYTES) {
      throw new TimelineException(
          TimelineException.Reason.FORMAT,
          "Premiere's XML of "
              + timeline.entries().size()
              + " cuts would be larger than 64 MB; ask for a shorter time, or for otio or fcpxml.");
    }
  }

  private static void requireCountable(Rational rate) throws TimelineException {
    boolean whole = rate.denominator() == 1;
    if (!whole && !isSlowed(rate)) {
      throw new TimelineException(
          TimelineException.Reason.FORMAT,
          "Premiere's XML counts by whole frames a second, or those times 1000/1001, not by "
              + rate
              + "; the formats otio, fcpxml and json can.");
    }
  }

  private static boolean isSlowed(Rational rate) {
    return rate.denominator() == 1001 && rate.numerator() % 1000 == 0;
  }

  /** One document while it is written. */
  private static final class Document {

    private final Timeline timeline;
    private final XmlText xml = new XmlText("xmeml");
    private final Set<Integer> described = new HashSet<>();

    /** The entries of each track with their places on it, from 1: pictures, then each channel. */
    private final List<Map<TimelineEntry, Integer>> tracks = new ArrayList<>();

    Document(Timeline timeline) {
      this.timeline = timeline;
      int channels = timeline.sources().stream().mapToInt(TimelineSource::channels).max().orElse(0);
      for (int channel = 0; channel <= channels; channel++) {
        Map<TimelineEntry, Integer> track = new LinkedHashMap<>();
        for (TimelineEntry entry : timeline.entries()) {
          if (timeline.sourceOf(entry).channels() >= channel) {
            track.put(entry, track.size() + 1);
          }
        }
        tracks.add(track);
      }
    }

    byte[] bytes() {
      TimelineSource first = timeline.sourceOf(timeline.entries().get(0));
      xml.open("xmeml", "version", 5);
      xml.open("sequence", "id", "sequence-1");
      xml.leaf("name", timeline.title());
      xml.leaf("duration", timeline.lengthFrames());
      rate(timeline.rate());
      timecode(timeline.start(), null);
      xml.open("media");
      xml.open("video");
      xml.open("format");
      pictures(first, timeline.rate());
      xml.close();
      xml.open("track");
      for (TimelineEntry entry : tracks.get(0).keySet()) {
        clip(entry, 0);
      }
      xml.close().close();
      sound(first);
      xml.close().close().close();
      return xml.bytes();
    }

    private void sound(TimelineSource first) {
      if (tracks.size() == 1) {
        return;
      }
      xml.open("audio");
      xml.leaf("numOutputChannels", Math.min(2, tracks.size() - 1));
      xml.open("format");
      samples(first.sampleRate());
      xml.close();
      for (int channel = 1; channel < tracks.size(); channel++) {
        xml.open("track");
        for (TimelineEntry entry : tracks.get(channel).keySet()) {
          clip(entry, channel);
        }
        xml.leaf("outputchannelindex", (channel - 1) % 2 + 1);
        xml.close();
      }
      xml.close();
    }

    /**
     * @param channel 1-based; 0 for the pictures
     */
    private void clip(TimelineEntry entry, int channel) {
      TimelineSource source = timeline.sourceOf(entry);
      xml.open("clipitem", "id", clipId(entry, channel));
      xml.leaf("masterclipid", "masterclip-" + (entry.source() + 1));
      xml.leaf("name", entry.name());
      xml.leaf("enabled", "TRUE");
      xml.leaf("duration", source.lengthFrames());
      rate(source.rate());
      xml.leaf("start", entry.recordIn());
      xml.leaf("end", entry.recordOut());
      xml.leaf("in", entry.sourceIn());
      xml.leaf("out", entry.sourceOut());
      file(entry.source(), source);
      if (channel > 0) {
        xml.open("sourcetrack");
        xml.leaf("mediatype", "audio");
        xml.leaf("trackindex", channel);
        xml.close();
      }
      links(entry, source);
      if (channel == 0) {
        for (TimelineMarker marker : entry.markers()) {
          xml.open("marker");
          xml.leaf("name", marker.name());
          xml.leaf("comment", "");
          xml.leaf("in", marker.frame());
          xml.leaf("out", -1);
          xml.close();
        }
        comments(entry);
      }
      xml.close();
    }

    private void comments(TimelineEntry entry) {
      if (!entry.label().isEmpty()) {
        xml.open("logginginfo");
        xml.leaf("description", entry.label());
        xml.close();
      }
      if (!entry.why().isEmpty()) {
        xml.open("comments");
        xml.leaf("mastercomment1", entry.why());
        xml.close();
      }
    }

    /** So that pictures and sound of one cut move together. */
    private void links(TimelineEntry entry, TimelineSource source) {
      if (source.channels() == 0) {
        return;
      }
      link(entry, 0, "video", 1);
      for (int channel = 1; channel <= source.channels(); channel++) {
        link(entry, channel, "audio", channel);
      }
    }

    private void link(TimelineEntry entry, int channel, String type, int track) {
      xml.open("link");
      xml.leaf("linkclipref", clipId(entry, channel));
      xml.leaf("mediatype", type);
      xml.leaf("trackindex", track);
      xml.leaf("clipindex", tracks.get(channel).get(entry));
      xml.close();
    }

    /** In full where it is first named, by its id from then on. */
    private void file(int index, TimelineSource source) {
      String id = "file-" + (index + 1);
      if (!described.add(index)) {
        xml.empty("file", "id", id);
        return;
      }
      xml.open("file", "id", id);
      xml.leaf("name", source.name());
      if (source.url() != null) {
        xml.leaf("pathurl", source.url());
      }
      rate(source.rate());
      xml.leaf("duration", source.lengthFrames());
      timecode(source.start(), source.reel());
      xml.open("media");
      xml.open("video");
      pictures(source, source.rate());
      xml.close();
      for (int channels : source.audioChannels()) {
        xml.open("audio");
        samples(source.sampleRate());
        xml.leaf("channelcount", channels);
        xml.close();
      }
      xml.close().close();
    }

    private void timecode(Timecode start, String reel) {
      xml.open("timecode");
      rate(start.rate());
      xml.leaf("string", start);
      xml.leaf("frame", start.frame());
      xml.leaf("displayformat", start.dropFrame() ? "DF" : "NDF");
      if (reel != null) {
        xml.open("reel");
        xml.leaf("name", reel);
        xml.close();
      }
      xml.close();
    }

    private void pictures(TimelineSource source, Rational rate) {
      xml.open("samplecharacteristics");
      rate(rate);
      if (source.width() > 0 && source.height() > 0) {
        xml.leaf("width", source.width());
        xml.leaf("height", source.height());
      }
      xml.leaf("anamorphic", "FALSE");
      xml.leaf("pixelaspectratio", "square");
      xml.leaf("fielddominance", "none");
      xml.close();
    }

    private void samples(int sampleRate) {
      xml.open("samplecharacteristics");
      xml.leaf("depth", SAMPLE_BITS);
      xml.leaf("samplerate", sampleRate > 0 ? sampleRate : DEFAULT_SAMPLE_RATE);
      xml.close();
    }

    private void rate(Rational rate) {
      xml.open("rate");
      xml.leaf("timebase", isSlowed(rate) ? rate.numerator() / 1000 : rate.numerator());
      xml.leaf("ntsc", isSlowed(rate) ? "TRUE" : "FALSE");
      xml.close();
    }

    private String clipId(TimelineEntry entry, int channel) {
      return "clipitem-" + tracks.get(0).get(entry) + "-" + channel;
    }
  }
}
