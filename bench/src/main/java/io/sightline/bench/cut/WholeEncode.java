package io.sightline.bench.cut;

import io.sightline.bench.BenchException;
import io.sightline.media.encode.PictureWatch;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an exact clip costs without us: its pictures are decoded from the keyframe before mark-in
 * on, and all of them encoded, by the encoder that makes the edges of our clips, with the same
 * settings. Nothing is written, sound is left out.
 */
final class WholeEncode {

  private final SourceTrack track;
  private final List<Packet> pictures = new ArrayList<>();

  /**
   * @param film without B-pictures
   */
  WholeEncode(Path film) throws Exception {
    try (MediaSource source = MediaSource.open(film.toString(), SourceOptions.DEFAULTS)) {
      track = source.tracks().stream().filter(SourceTrack::isVideo).findFirst().orElseThrow();
      for (Packet packet; (packet = source.next()) != null; ) {
        if (packet.track() == track.index()) {
          pictures.add(packet.copy());
        }
      }
    }
  }

  /**
   * Encodes some of its pictures.
   *
   * @param first from 0
   * @param end not in any more
   */
  void encode(int first, int end) throws Exception {
    int start = first;
    while (!pictures.get(start).keyframe()) {
      start--;
    }
    int[] made = new int[1];
    long from = pictures.get(first).pts();
    long to = pictures.get(end - 1).pts() + 1;
    try (TrackEncoder encoder = TrackEncoder.ofStretch(track, from, to, PictureWatch.NONE)) {
      for (Packet packet : pictures.subList(start, end)) {
        encoder.accept(packet, encoded -> made[0]++);
      }
      encoder.finish(encoded -> made[0]++);
    }
    if (made[0] != end - first) {
      throw new BenchException("The yardstick made " + made[0] + " of " + (end - first));
    }
  }
}
