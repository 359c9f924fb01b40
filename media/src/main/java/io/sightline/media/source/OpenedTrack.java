package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.NativeParameters;
import io.sightline.records.PtsUnwrapper;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avcodec.AVProducerReferenceTime;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * A track that is being read: what it is, and how FFmpeg's packets of it become ours. Times of 33
 * bits go on beyond their wrap, missing decode times are filled in, AAC loses its ADTS headers.
 */
final class OpenedTrack {

  private static final int WRAPPING_BITS = 33;
  private static final Rational MICROS = new Rational(1, 1_000_000);
  private static final Rational USUAL_PICTURE = new Rational(1, 25);
  private static final int MAX_EXTRADATA = 64 * 1024;

  private final SourceTrack track;

  /** FFmpeg's, which it changes when the source does. */
  private final AVCodecParameters parameters;

  private final int codec;
  private final PtsUnwrapper unwrapper;
  private final boolean adts;
  private final boolean untimed;

  private boolean started;
  private long lastArrival;
  private DecodeTimes decodeTimes;
  private long firstMicros;
  private long endMicros;

  private OpenedTrack(
      SourceTrack track,
      AVCodecParameters parameters,
      boolean wraps,
      boolean adts,
      boolean untimed) {
    this.track = track;
    this.parameters = parameters;
    this.codec = parameters.codec_id();
    this.untimed = untimed;
    this.unwrapper = wraps ? new PtsUnwrapper() : null;
    this.adts = adts;
  }

  /**
   * The track behind one of FFmpeg's streams.
   *
   * @param untimed whether the source gives no times, and packets are timed by their arrival
   * @return empty when it is neither pictures nor sound, or nothing is known of it
   * @throws MediaException UNSUPPORTED when its pictures are too large
   */
  static Optional<OpenedTrack> of(
      AVFormatContext context, AVStream stream, String source, boolean untimed)
      throws MediaException {
    AVCodecParameters from = stream.codecpar();
    boolean video = from.codec_type() == avutil.AVMEDIA_TYPE_VIDEO;
    boolean audio = from.codec_type() == avutil.AVMEDIA_TYPE_AUDIO;
    boolean cover = (stream.disposition() & avformat.AV_DISPOSITION_ATTACHED_PIC) != 0;
    if (!video && !audio || cover || from.codec_id() == avcodec.AV_CODEC_ID_NONE) {
      return Optional.empty();
    }
    if (video && (from.width() <= 0 || from.height() <= 0)
        || audio && (from.sample_rate() <= 0 || from.ch_layout().nb_channels() <= 0)) {
      return Optional.empty();
    }
    if (from.width() > SourceTrack.MAX_DIMENSION || from.height() > SourceTrack.MAX_DIMENSION) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          source
              + " has pictures of "
              + from.width()
              + "x"
              + from.height()
              + "; up to "
              + SourceTrack.MAX_DIMENSION
              + " pixels a side are supported");
    }
    Rational timeBase =
        untimed ? MICROS : new Rational(stream.time_base().num(), stream.time_base().den());
    CodecParameters parameters = NativeParameters.read(from);
    boolean adts = false;
    if (from.codec_id() == avcodec.AV_CODEC_ID_AAC && from.extradata_size() == 0) {
      Optional<byte[]> config =
          AdtsFrame.config(from.profile(), from.sample_rate(), from.ch_layout().nb_channels());
      adts = config.isPresent();
      parameters = config.map(parameters::with).orElse(parameters);
    }
    SourceTrack track =
        new SourceTrack(
            stream.index(),
            video ? TrackInfo.Kind.VIDEO : TrackInfo.Kind.AUDIO,
            avcodec.avcodec_get_name(from.codec_id()).getString(),
            timeBase,
            from.width(),
            from.height(),
            video && !untimed
                ? rational(avformat.av_guess_frame_rate(context, stream, null))
                : null,
            video ? rational(avformat.av_guess_sample_aspect_ratio(context, stream, null)) : null,
            video ? rotation(from) : 0,
            audio ? from.sample_rate() : 0,
            audio ? from.ch_layout().nb_channels() : 0,
            language(stream),
            parameters);
    boolean wraps = !untimed && stream.pts_wrap_bits() == WRAPPING_BITS;
    return Optional.of(new OpenedTrack(track, from, wraps, adts, untimed));
  }

  SourceTrack track() {
    return track;
  }

  /** Whether what the source sends is no longer of the codec it was opened with. */
  boolean hasAnotherCodec() {
    return parameters.codec_id() != codec;
  }

  /** The packet as ours; its data lies in FFmpeg's packet. */
  Packet packet(AVPacket from) {
    long pts = untimed ? arrival() : from.pts();
    long dts = untimed ? pts : from.dts();
    long duration = untimed ? 0 : Math.max(0, from.duration());
    if (unwrapper != null && pts != Packet.ABSENT) {
      long wrapped = pts;
      pts = unwrapper.unwrap(wrapped);
      dts = dts == Packet.ABSENT ? dts : dts + (pts - wrapped);
    } else if (unwrapper != null && dts != Packet.ABSENT) {
      dts = unwrapper.unwrap(dts);
    }
    dts = decodeTime(pts, dts);
    started = true;
    note(pts, dts, duration);
    ByteBuffer data = from.data().capacity(from.size()).asByteBuffer();
    return new Packet(
        track.index(),
        pts,
        dts,
        duration,
        (from.flags() & avcodec.AV_PKT_FLAG_KEY) != 0,
        (from.flags() & avcodec.AV_PKT_FLAG_CORRUPT) != 0,
        (from.flags() & avcodec.AV_PKT_FLAG_DISCARD) != 0,
        newExtradata(from),
        senderMicros(from),
        adts ? AdtsFrame.unwrapped(data) : data);
  }

  /** What follows does not continue what came before. */
  void jumped() {
    started = false;
    decodeTimes = null;
  }

  /** From the first packet's time to the end of the last, in microseconds. */
  long deliveredMicros() {
    return started ? endMicros - firstMicros : 0;
  }

  /** Where the last packet ends, in microseconds of media time. */
  long endMicros() {
    return endMicros;
  }

  boolean started() {
    return started;
  }

  private long arrival() {
    long micros = System.nanoTime() / 1_000;
    lastArrival = started ? Math.max(lastArrival + 1, micros) : micros;
    return lastArrival;
  }

  private long decodeTime(long pts, long dts) {
    if (pts == Packet.ABSENT) {
      return dts;
    }
    if (track.isAudio()) {
      return dts == Packet.ABSENT ? pts : dts;
    }
    if (!started && dts == Packet.ABSENT) {
      // From the first on or not at all: times that are made up and true ones do not mix.
      decodeTimes = new DecodeTimes(track.reorderDepth(), pictureTicks());
    }
    return decodeTimes == null ? dts : decodeTimes.next(pts);
  }

  private long pictureTicks() {
    Rational rate = track.frameRate();
    Rational picture =
        rate == null || rate.numerator() == 0
            ? USUAL_PICTURE
            : new Rational(rate.denominator(), rate.numerator());
    return Math.max(1, Rational.rescale(1, picture, track.timeBase()));
  }

  private void note(long pts, long dts, long duration) {
    long time = pts == Packet.ABSENT ? dts : pts;
    if (time == Packet.ABSENT) {
      return;
    }
    long micros = Rational.rescale(time, track.timeBase(), MICROS);
    long end = Rational.rescale(time + duration, track.timeBase(), MICROS);
    if (endMicros == 0 && firstMicros == 0) {
      firstMicros = micros;
      endMicros = end;
    }
    endMicros = Math.max(endMicros, end);
  }

  private static byte[] newExtradata(AVPacket from) {
    if (from.side_data_elems() == 0) {
      return null;
    }
    try (SizeTPointer size = new SizeTPointer(1)) {
      BytePointer data =
          avcodec.av_packet_get_side_data(from, avcodec.AV_PKT_DATA_NEW_EXTRADATA, size);
      if (data == null || data.isNull() || size.get() <= 0 || size.get() > MAX_EXTRADATA) {
        return null;
      }
      byte[] copy = new byte[(int) size.get()];
      data.get(copy);
      return copy;
    }
  }

  private static long senderMicros(AVPacket from) {
    if (from.side_data_elems() == 0) {
      return Packet.ABSENT;
    }
    try (SizeTPointer size = new SizeTPointer(1)) {
      BytePointer data = avcodec.av_packet_get_side_data(from, avcodec.AV_PKT_DATA_PRFT, size);
      if (data == null || data.isNull() || size.get() < Long.BYTES) {
        return Packet.ABSENT;
      }
      return new AVProducerReferenceTime(data).wallclock();
    }
  }

  private static Rational rational(AVRational from) {
    return from.num() <= 0 || from.den() <= 0 ? null : new Rational(from.num(), from.den());
  }

  private static int rotation(AVCodecParameters from) {
    AVPacketSideData matrix =
        avcodec.av_packet_side_data_get(
            from.coded_side_data(), from.nb_coded_side_data(), avcodec.AV_PKT_DATA_DISPLAYMATRIX);
    if (matrix == null || matrix.isNull() || matrix.size() < 9 * Integer.BYTES) {
      return 0;
    }
    double degrees = avutil.av_display_rotation_get(new IntPointer(matrix.data()));
    // FFmpeg counts against the clock, and answers NaN for a matrix that is none.
    return Double.isNaN(degrees) ? 0 : Math.floorMod(Math.round(-degrees / 90) * 90, 360);
  }

  private static String language(AVStream stream) {
    AVDictionaryEntry entry = avutil.av_dict_get(stream.metadata(), "language", null, 0);
    if (entry == null || entry.isNull()) {
      return null;
    }
    String language = entry.value().getString();
    return language.matches("[a-zA-Z-]{2,35}") && !language.equals("und") ? language : null;
  }
}
