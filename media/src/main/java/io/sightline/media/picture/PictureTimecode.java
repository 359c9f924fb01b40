package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The timecode that travels in the pictures themselves: SMPTE ST 12-1 in H.264 (picture timing SEI)
 * and HEVC (time code SEI), and that of MPEG-2's groups of pictures (ISO/IEC 13818-2, 6.3.8).
 */
public final class PictureTimecode {

  /** The first picture that has one is looked for among so many. */
  private static final int MAX_PICTURES = 60;

  private static final int TEXT_BYTES = 64;

  private PictureTimecode() {}

  /**
   * Decodes the first pictures of a track.
   *
   * @param packets from a keyframe on
   * @return such as {@code 10:59:59:24}, with a {@code ;} before dropped frames; empty when they
   *     carry none
   */
  public static Optional<String> of(SourceTrack track, List<Packet> packets) throws MediaException {
    try (VideoDecoder decoder = new VideoDecoder(track, 1)) {
      for (Packet packet : packets.subList(0, Math.min(MAX_PICTURES, packets.size()))) {
        if (packet.size() == 0 || !decoder.send(packet, packet.pts(), true)) {
          continue;
        }
        for (AVFrame frame; (frame = decoder.receive()) != null; ) {
          String found = read(track, frame);
          if (found != null) {
            return Optional.of(found);
          }
        }
      }
      return Optional.empty();
    }
  }

  private static String read(SourceTrack track, AVFrame frame) {
    AVFrameSideData smpte =
        avutil.av_frame_get_side_data(frame, avutil.AV_FRAME_DATA_S12M_TIMECODE);
    AVFrameSideData group = avutil.av_frame_get_side_data(frame, avutil.AV_FRAME_DATA_GOP_TIMECODE);
    byte[] bytes = new byte[TEXT_BYTES];
    try (BytePointer text = new BytePointer(TEXT_BYTES)) {
      if (smpte != null && !smpte.isNull() && smpte.size() >= 2 * Integer.BYTES) {
        // A count, and then that many times; those of fields differ by their frame alone.
        IntPointer times = new IntPointer((Pointer) smpte.data());
        if (times.get(0) < 1) {
          return null;
        }
        avutil.av_timecode_make_smpte_tc_string2(text, rate(track), times.get(1), 0, 0);
      } else if (group != null && !group.isNull() && group.size() >= Integer.BYTES) {
        avutil.av_timecode_make_mpeg_tc_string(text, new IntPointer((Pointer) group.data()).get());
      } else {
        return null;
      }
      text.get(bytes);
    }
    int length = 0;
    while (length < TEXT_BYTES && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }

  private static AVRational rate(SourceTrack track) {
    boolean known = track.frameRate() != null;
    return new AVRational()
        .num(known ? (int) track.frameRate().numerator() : 25)
        .den(known ? (int) track.frameRate().denominator() : 1);
  }
}
