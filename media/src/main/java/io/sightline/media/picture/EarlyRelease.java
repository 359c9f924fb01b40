package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.NalUnits;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * How a decoder is made to give out a picture that it holds back for reordering.
 *
 * <p>FFmpeg's H.264 decoder answers an end of sequence (ITU-T H.264, table 7-1) that comes alone
 * with the first of the pictures that it holds back, and keeps those that others refer to. With
 * nothing held back, though, it takes the order counts of the next IDR picture, which begin anew,
 * for a step backwards, and drops what has them; so it must be flushed before that (seen with
 * 8.0.1, h264_picture.c and h264_slice.c). Other decoders begin anew at an end of sequence.
 */
final class EarlyRelease {

  private static final int END_OF_SEQUENCE = 10;
  private static final int IDR = 5;
  private static final int TYPE = 0x1f;

  private final boolean possible;
  private final int lengthSize;

  EarlyRelease(SourceTrack track) {
    byte[] extradata = track.parameters().extradata();
    possible = track.codec().equals("h264");
    lengthSize = extradata.length > 4 && extradata[0] == 1 ? (extradata[4] & 3) + 1 : 0;
  }

  boolean possible() {
    return possible;
  }

  /** What the decoder is fed to give out one picture. */
  byte[] request() {
    int prefix = lengthSize == 0 ? NalUnits.LENGTH_SIZE : lengthSize;
    byte[] request = new byte[prefix + 1];
    // A length of one byte and a start code look the same.
    request[prefix - 1] = 1;
    request[prefix] = END_OF_SEQUENCE;
    return request;
  }

  /** Whether nothing that follows refers to what came before, and order counts begin anew. */
  boolean beginsAnew(Packet packet) {
    if (!packet.keyframe()) {
      return false;
    }
    try {
      List<ByteBuffer> units =
          lengthSize == 0
              ? NalUnits.ofByteStream(packet.data())
              : NalUnits.ofSample(packet.data(), lengthSize);
      return units.stream().anyMatch(unit -> (unit.get(unit.position()) & TYPE) == IDR);
    } catch (MediaException e) {
      // The decoder will say what it thinks of it.
      return false;
    }
  }
}
