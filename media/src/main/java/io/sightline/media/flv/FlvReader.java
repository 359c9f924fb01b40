package io.sightline.media.flv;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Reads the bodies of video and audio messages. Pure. */
public final class FlvReader {

  private static final int EXTENDED = 0x80;
  private static final int KEYFRAME = 1;
  private static final int COMMAND = 5;
  private static final int AVC = 7;
  private static final int MP3 = 2;
  private static final int EXTENDED_SOUND = 9;
  private static final int AAC = 10;

  private static final int SEQUENCE_START = 0;
  private static final int CODED = 1;
  private static final int CODED_AT_ONCE = 3;

  /** Types above are several tracks in one message, or words that change the next ones' meaning. */
  private static final int LAST_PICTURE_TYPE = 5;

  private static final int LAST_SOUND_TYPE = 4;

  private static final Map<String, String> PICTURES =
      Map.of("avc1", "h264", "hvc1", "hevc", "av01", "av1", "vp09", "vp9");
  private static final Map<String, String> SOUND =
      Map.of("mp4a", "aac", "Opus", "opus", ".mp3", "mp3", "ac-3", "ac3");

  private FlvReader() {}

  /**
   * Reads a video message.
   *
   * @param timestampMillis of the message
   * @return empty for what carries no picture: ends, metadata, seeks
   * @throws MediaException MALFORMED when it is cut short; UNSUPPORTED for another codec, or
   *     several tracks in one message
   */
  public static Optional<FlvUnit> video(long timestampMillis, ByteBuffer body)
      throws MediaException {
    ByteBuffer in = body.slice();
    if (!in.hasRemaining()) {
      return Optional.empty();
    }
    int first = in.get() & 0xff;
    if ((first & EXTENDED) != 0) {
      return extendedVideo(timestampMillis, first, in);
    }
    int frame = first >> 4;
    int codec = first & 0xf;
    if (frame == COMMAND) {
      return Optional.empty();
    }
    if (codec != AVC) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "Pictures of the FLV codec "
              + codec
              + " are not taken; H.264, HEVC, AV1 and VP9 are: choose one in the encoder");
    }
    need(in, 4);
    int type = in.get() & 0xff;
    long shown = timestampMillis + signed24(in);
    return switch (type) {
      case SEQUENCE_START -> Optional.of(header(true, "h264", timestampMillis, in));
      case CODED -> media(true, "h264", timestampMillis, shown, frame == KEYFRAME, in);
      default -> Optional.empty();
    };
  }

  /**
   * Reads an audio message.
   *
   * @return empty for what carries no sound
   * @throws MediaException as with {@link #video}
   */
  public static Optional<FlvUnit> audio(long timestampMillis, ByteBuffer body)
      throws MediaException {
    ByteBuffer in = body.slice();
    if (!in.hasRemaining()) {
      return Optional.empty();
    }
    int first = in.get() & 0xff;
    int format = first >> 4;
    switch (format) {
      case EXTENDED_SOUND:
        return extendedAudio(timestampMillis, first & 0xf, in);
      case AAC:
        need(in, 1);
        return in.get() == SEQUENCE_START
            ? Optional.of(header(false, "aac", timestampMillis, in))
            : media(false, "aac", timestampMillis, timestampMillis, true, in);
      case MP3:
        return media(false, "mp3", timestampMillis, timestampMillis, true, in);
      default:
        throw new MediaException(
            Reason.UNSUPPORTED,
            "Sound of the FLV format "
                + format
                + " is not taken; AAC, Opus, MP3 and AC-3 are: choose one in the encoder");
    }
  }

  private static Optional<FlvUnit> extendedVideo(long timestampMillis, int first, ByteBuffer in)
      throws MediaException {
    int frame = first >> 4 & 7;
    int type = first & 0xf;
    String codec = codec(in, type <= LAST_PICTURE_TYPE, PICTURES, "Pictures");
    if (frame == COMMAND) {
      return Optional.empty();
    }
    switch (type) {
      case SEQUENCE_START:
        return Optional.of(header(true, codec, timestampMillis, in));
      case CODED:
        long shown = timestampMillis;
        if (codec.equals("h264") || codec.equals("hevc")) {
          need(in, 3);
          shown += signed24(in);
        }
        return media(true, codec, timestampMillis, shown, frame == KEYFRAME, in);
      case CODED_AT_ONCE:
        return media(true, codec, timestampMillis, timestampMillis, frame == KEYFRAME, in);
      default:
        return Optional.empty();
    }
  }

  private static Optional<FlvUnit> extendedAudio(long timestampMillis, int type, ByteBuffer in)
      throws MediaException {
    String codec = codec(in, type <= LAST_SOUND_TYPE, SOUND, "Sound");
    return switch (type) {
      case SEQUENCE_START -> Optional.of(header(false, codec, timestampMillis, in));
      case CODED -> media(false, codec, timestampMillis, timestampMillis, true, in);
      default -> Optional.empty();
    };
  }

  /** The codec that four characters name. */
  private static String codec(ByteBuffer in, boolean single, Map<String, String> known, String what)
      throws MediaException {
    if (!single) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          what + " in several tracks of one message (Enhanced RTMP multitrack) are not taken");
    }
    need(in, 4);
    byte[] name = new byte[4];
    in.get(name);
    String text = new String(name, StandardCharsets.ISO_8859_1);
    String codec = known.get(text);
    if (codec == null) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          what
              + " of the codec '"
              + text.replaceAll("[^ -~]", "?")
              + "' are not taken; these are: "
              + String.join(", ", known.values().stream().sorted().toList()));
    }
    return codec;
  }

  private static FlvUnit header(boolean video, String codec, long millis, ByteBuffer in) {
    return new FlvUnit(video, codec, FlvUnit.Kind.HEADER, millis, millis, false, in.slice());
  }

  private static Optional<FlvUnit> media(
      boolean video, String codec, long decoded, long shown, boolean keyframe, ByteBuffer in) {
    return in.hasRemaining()
        ? Optional.of(
            new FlvUnit(video, codec, FlvUnit.Kind.MEDIA, decoded, shown, keyframe, in.slice()))
        : Optional.empty();
  }

  private static int signed24(ByteBuffer in) {
    return in.get() << 16 | (in.get() & 0xff) << 8 | in.get() & 0xff;
  }

  private static void need(ByteBuffer in, int bytes) throws MediaException {
    if (in.remaining() < bytes) {
      throw new MediaException(Reason.MALFORMED, "A message of pictures or sound is cut short");
    }
  }
}
