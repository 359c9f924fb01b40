package io.sightline.media.sound;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.TrackInfo;
import java.util.Optional;

/** Decodes the sound of recorded fragments: AAC, Opus, MP3, AC-3 and whatever else was copied. */
public final class SoundDecoder {

  private SoundDecoder() {}

  /**
   * All samples of an audio track's fragments. What a codec derives from the packet before the
   * first one is missing, so the first few milliseconds may be quieter than they were.
   *
   * @param track the audio track
   * @param init its init part
   * @param fragments its fragments ({@code moof} and {@code mdat}), one after the other
   * @return one array a channel, samples from -1 to 1, all equally long; damaged packets are
   *     silence
   * @throws MediaException MALFORMED when the bytes are no such media; UNSUPPORTED when the codec
   *     cannot be decoded, or it is more than {@link PcmDecoder#MAX_SAMPLES}
   */
  public static float[][] decode(TrackInfo track, byte[] init, byte[] fragments)
      throws MediaException {
    if (track.kind() != TrackInfo.Kind.AUDIO) {
      throw new IllegalArgumentException("Track " + track.track() + " holds no sound");
    }
    try (MediaSource source = MediaSource.of(init, fragments)) {
      Optional<SourceTrack> audio =
          source.tracks().stream().filter(SourceTrack::isAudio).findFirst();
      if (audio.isEmpty()) {
        throw new MediaException(
            Reason.MALFORMED, "The init part of track " + track.track() + " holds no sound");
      }
      return decode(source, audio.get());
    }
  }

  private static float[][] decode(MediaSource source, SourceTrack audio) throws MediaException {
    try (PcmDecoder decoder = new PcmDecoder(audio)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        if (packet.track() == audio.index()) {
          decoder.accept(packet);
        }
      }
      return decoder.finish();
    }
  }
}
