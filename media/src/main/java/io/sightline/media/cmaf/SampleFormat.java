package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.util.Set;

/** Turns a track's packets into samples as MP4 holds them. One per track; not thread-safe. */
interface SampleFormat {

  /** Codecs that are copied as they come. */
  Set<String> PLAIN = Set.of("vp9", "aac", "opus", "mp3", "ac3", "eac3", "flac");

  /**
   * A packet's bytes as they will lie in the file.
   *
   * @param data an array of its own
   * @param keyframe whether pictures after it in decoding order do without those before it
   * @param clean whether it also resets the decoder, so that nothing can reach behind it
   * @param config what it is decoded with; null while the stream has not told
   */
  record Formatted(byte[] data, boolean keyframe, boolean clean, CodecConfig config) {}

  Formatted format(Packet packet) throws MediaException;

  /**
   * @throws MediaException UNSUPPORTED when a codec cannot be recorded as it is
   */
  static SampleFormat of(SourceTrack track) throws MediaException {
    switch (track.codec()) {
      case "h264":
        return new NalFormat(track, false);
      case "hevc":
        return new NalFormat(track, true);
      case "av1":
        return new PlainFormat(track, Av1Units::withoutDelimiters);
      default:
        if (PLAIN.contains(track.codec())) {
          return new PlainFormat(track, PlainFormat::bytes);
        }
        throw new MediaException(
            MediaException.Reason.UNSUPPORTED,
            "Media in the codec '" + track.codec() + "' cannot be recorded without encoding it");
    }
  }
}
