package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cmaf.NalUnits;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * H.264 that comes out of an encoder as MP4 holds it: lengths before units (ISO/IEC 14496-15), and
 * the parameter sets before every keyframe's, as in recordings, so that reels can join it with
 * others.
 */
public final class EncodedSamples {

  private static final int TYPE_BITS = 0x1f;
  private static final int SEQUENCE_SET = 7;
  private static final int PICTURE_SET = 8;

  private final byte[] sequenceSet;
  private final byte[] pictureSet;

  private EncodedSamples(byte[] sequenceSet, byte[] pictureSet) {
    this.sequenceSet = sequenceSet;
    this.pictureSet = pictureSet;
  }

  /**
   * @param encoded what an encoder says that it makes
   * @throws MediaException UNSUPPORTED when it does not say it
   */
  public static EncodedSamples of(SourceTrack encoded) throws MediaException {
    byte[] sequence = null;
    byte[] picture = null;
    for (byte[] unit : units(ByteBuffer.wrap(encoded.extradata()))) {
      int type = unit[0] & TYPE_BITS;
      sequence = type == SEQUENCE_SET ? unit : sequence;
      picture = type == PICTURE_SET ? unit : picture;
    }
    if (sequence == null || picture == null) {
      throw new MediaException(Reason.UNSUPPORTED, "the encoder does not say what it makes");
    }
    return new EncodedSamples(sequence, picture);
  }

  /** The sequence parameter set. */
  public byte[] sequenceSet() {
    return sequenceSet;
  }

  /** The picture parameter set. */
  public byte[] pictureSet() {
    return pictureSet;
  }

  /** The units of a packet, without start codes. */
  public static List<byte[]> units(ByteBuffer byteStream) {
    List<byte[]> units = new ArrayList<>();
    for (ByteBuffer unit : NalUnits.ofByteStream(byteStream)) {
      byte[] whole = new byte[unit.remaining()];
      unit.get(whole);
      units.add(whole);
    }
    return units;
  }

  /** A picture as a sample. */
  public Packet sample(Packet encoded) {
    List<byte[]> units = new ArrayList<>();
    if (encoded.keyframe()) {
      units.add(sequenceSet);
      units.add(pictureSet);
    }
    units.addAll(units(encoded.data()));
    return sample(encoded, units);
  }

  /** The same picture with these units. */
  public static Packet sample(Packet encoded, List<byte[]> units) {
    byte[] bytes = NalUnits.joined(units.stream().map(ByteBuffer::wrap).toList());
    return Packet.of(
        0, encoded.pts(), encoded.dts(), 0, encoded.keyframe(), ByteBuffer.wrap(bytes));
  }
}
