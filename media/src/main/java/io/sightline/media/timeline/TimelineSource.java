package io.sightline.media.timeline;

import io.sightline.records.Rational;
import io.sightline.records.Timecode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/**
 * Media that a timeline takes pieces of: a file, or a stream's recording.
 *
 * @param name of the file or stream; one line, never empty
 * @param reel what an edit decision list calls it: one to eight of A-Z and 0-9
 * @param url of its media (RFC 3986), absolute or relative to the timeline's file; null when it has
 *     none that could be opened
 * @param start timecode of its first frame; counts as the source counts
 * @param lengthFrames how many frames it has; more than zero
 * @param width in pixels; 0 when unknown
 * @param height in pixels; 0 when unknown
 * @param audioChannels channels of each audio track; empty for no sound
 * @param sampleRate samples a second; 0 without sound
 */
public record TimelineSource(
    String name,
    String reel,
    String url,
    Timecode start,
    long lengthFrames,
    int width,
    int height,
    List<Integer> audioChannels,
    int sampleRate) {

  static final int MAX_CHANNELS = 64;

  private static final int MAX_NAME = 200;

  public TimelineSource {
    name = PlainText.line(name, MAX_NAME);
    audioChannels = List.copyOf(audioChannels);
    if (name.isEmpty() || start == null) {
      throw new IllegalArgumentException("A source has a name and a start");
    }
    if (!ReelNames.isLegal(reel)) {
      throw new IllegalArgumentException(
          "A reel is named by one to eight of A-Z and 0-9, not '" + reel + "'");
    }
    if (url != null) {
      requireUri(url);
    }
    if (lengthFrames < 1 || width < 0 || height < 0 || sampleRate < 0) {
      throw new IllegalArgumentException("The source " + name + " must have frames");
    }
    for (int channels : audioChannels) {
      if (channels < 1 || channels > MAX_CHANNELS) {
        throw new IllegalArgumentException(
            "An audio track has 1 to " + MAX_CHANNELS + " channels, not " + channels);
      }
    }
  }

  /** Frames a second. */
  public Rational rate() {
    return start.rate();
  }

  /** Channels of all its audio tracks together. */
  public int channels() {
    return audioChannels.stream().mapToInt(Integer::intValue).sum();
  }

  /** The timecode of one of its frames, counted from the first. */
  public Timecode timecode(long frame) {
    return start.plus(frame);
  }

  private static void requireUri(String url) {
    try {
      new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + url + "' is no URL", e);
    }
  }
}
