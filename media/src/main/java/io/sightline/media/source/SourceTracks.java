package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.util.HashSet;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVProgram;
import org.bytedeco.ffmpeg.global.avcodec;

/** Chooses which of FFmpeg's streams are read. */
final class SourceTracks {

  /** A hostile file can announce thousands. */
  static final int MAX_STREAMS = 64;

  /** Formats without times: FFmpeg counts 25 pictures a second, whatever a camera does. */
  private static final Set<String> UNTIMED =
      Set.of("mpjpeg", "mjpeg", "h264", "hevc", "m4v", "mpegvideo");

  private SourceTracks() {}

  /**
   * Refuses what FFmpeg's RTP depacketizers are known to handle badly, before they see a byte.
   *
   * @throws MediaException UNSUPPORTED
   */
  static void refuseUnsafe(AVFormatContext context, SourceAddress address) throws MediaException {
    if (address.kind() != SourceKind.RTSP) {
      return;
    }
    for (int i = 0; i < context.nb_streams(); i++) {
      int codec = context.streams(i).codecpar().codec_id();
      if (codec == avcodec.AV_CODEC_ID_AV1 || codec == avcodec.AV_CODEC_ID_VP9) {
        throw new MediaException(
            Reason.UNSUPPORTED,
            address.name()
                + " sends "
                + avcodec.avcodec_get_name(codec).getString()
                + " over RTP, which is not read for safety; set the camera to H.264 or H.265");
      }
    }
  }

  /**
   * The tracks that are read, each at FFmpeg's index; null at the others, which are discarded.
   *
   * @throws MediaException MALFORMED when there is none, UNSUPPORTED when pictures are too large
   */
  static OpenedTrack[] select(AVFormatContext context, SourceAddress address)
      throws MediaException {
    OpenedTrack[] tracks = new OpenedTrack[Math.min(context.nb_streams(), MAX_STREAMS)];
    Set<Integer> wanted = mainProgram(context);
    boolean untimed =
        !address.kind().isFile() && UNTIMED.contains(context.iformat().name().getString());
    boolean any = false;
    for (int i = 0; i < context.nb_streams(); i++) {
      if (i < tracks.length && (wanted.isEmpty() || wanted.contains(i))) {
        tracks[i] =
            OpenedTrack.of(context, context.streams(i), address.name(), untimed).orElse(null);
      }
      if (i >= tracks.length || tracks[i] == null) {
        context.streams(i).discard(avcodec.AVDISCARD_ALL);
      } else {
        any = true;
      }
    }
    if (!any) {
      throw address.notMedia("it holds neither pictures nor sound");
    }
    return tracks;
  }

  /** The streams of the program with the largest pictures; empty when there is only one. */
  private static Set<Integer> mainProgram(AVFormatContext context) {
    Set<Integer> main = new HashSet<>();
    long largest = -1;
    for (int i = 0; context.nb_programs() > 1 && i < context.nb_programs(); i++) {
      AVProgram program = context.programs(i);
      Set<Integer> streams = new HashSet<>();
      long area = 0;
      for (int k = 0; k < program.nb_stream_indexes(); k++) {
        int index = program.stream_index().get(k);
        streams.add(index);
        AVCodecParameters parameters = context.streams(index).codecpar();
        area = Math.max(area, (long) parameters.width() * parameters.height());
      }
      if (area > largest) {
        largest = area;
        main = streams;
      }
    }
    return main;
  }
}
