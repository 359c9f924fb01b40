package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.h264.SequenceParameters;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * H.264 and HEVC: length-prefixed units, with the parameter sets before every keyframe. The init
 * part has them too; but recordings of different encoders can be joined without touching their
 * bytes only when each keyframe brings its own.
 */
final class NalFormat implements SampleFormat {

  private static final int H264_IDR = 5;
  private static final int H264_DELIMITER = 9;
  private static final int HEVC_FIRST_IRAP = 16;
  private static final int HEVC_LAST_IDR = 20;
  private static final int HEVC_LAST_IRAP = 23;
  private static final int HEVC_DELIMITER = 35;

  private final SourceTrack track;
  private final boolean hevc;
  private final ParameterSets sets;
  private int lengthSize;
  private boolean changed = true;
  private CodecConfig config;

  NalFormat(SourceTrack track, boolean hevc) throws MediaException {
    this.track = track;
    this.hevc = hevc;
    this.sets = new ParameterSets(hevc);
    takeHeader(track.extradata());
  }

  @Override
  public Formatted format(Packet packet) throws MediaException {
    if (packet.newExtradata() != null) {
      takeHeader(packet.newExtradata());
      changed = true;
    }
    List<ByteBuffer> units =
        lengthSize == 0
            ? NalUnits.ofByteStream(packet.data())
            : NalUnits.ofSample(packet.data(), lengthSize);
    boolean own = false;
    boolean random = packet.keyframe();
    boolean clean = false;
    for (ByteBuffer unit : units) {
      int type = sets.typeOf(unit);
      if (sets.isSet(type)) {
        own = true;
        changed |= sets.add(unit);
      }
      random |= hevc && type >= HEVC_FIRST_IRAP && type <= HEVC_LAST_IRAP;
      clean |= hevc ? type >= HEVC_FIRST_IRAP && type <= HEVC_LAST_IDR : type == H264_IDR;
    }
    boolean keyframe = random || clean;
    if (keyframe && changed && sets.complete()) {
      config = configure(packet);
      changed = false;
    }
    if (keyframe && config != null) {
      units = own ? withAllSets(units) : withSets(units);
    }
    return new Formatted(NalUnits.joined(units), keyframe, clean, config);
  }

  private void takeHeader(byte[] header) throws MediaException {
    boolean prefixed = header.length > (hevc ? 22 : 6) && header[0] == 1;
    lengthSize = prefixed ? (header[hevc ? 21 : 4] & 3) + 1 : 0;
    sets.addHeader(header);
  }

  private CodecConfig configure(Packet first) throws MediaException {
    // As a byte stream, so that FFmpeg writes a header with four-byte lengths, whatever came in.
    CodecConfig made = CodecConfig.of(track.with(NalUnits.byteStream(sets.all())), first);
    return hevc ? made : made.sized(SequenceParameters.read(sets.firstSps()));
  }

  /** Leaves the units as they are when they bring a set of each kind. */
  private List<ByteBuffer> withAllSets(List<ByteBuffer> units) throws MediaException {
    ParameterSets brought = new ParameterSets(hevc);
    for (ByteBuffer unit : units) {
      if (sets.isSet(sets.typeOf(unit))) {
        brought.add(unit);
      }
    }
    if (brought.complete()) {
      return units;
    }
    List<ByteBuffer> others = new ArrayList<>(units);
    others.removeIf(unit -> sets.isSet(sets.typeOf(unit)));
    return withSets(others);
  }

  private List<ByteBuffer> withSets(List<ByteBuffer> units) {
    List<ByteBuffer> all = new ArrayList<>(units);
    int at =
        !all.isEmpty() && sets.typeOf(all.get(0)) == (hevc ? HEVC_DELIMITER : H264_DELIMITER)
            ? 1
            : 0;
    List<ByteBuffer> wrapped = new ArrayList<>();
    sets.all().forEach(set -> wrapped.add(ByteBuffer.wrap(set)));
    all.addAll(at, wrapped);
    return all;
  }
}
