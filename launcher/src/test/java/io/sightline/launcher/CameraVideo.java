package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A {@link TestVideo} as of a camera whose encoder reorders pictures: its parameter sets say that
 * four pictures may be decoded before one that is shown earlier, so recordings decode each picture
 * four pictures before it is shown. The encoder at hand never says so; it is written into its sets.
 */
final class CameraVideo {

  /** OpenH264 ends its sets with: no reordering, one picture kept (Exp-Golomb 0 and 1), stop. */
  private static final String NOT_REORDERED = "1" + "010" + "1";

  private static final String REORDERED = "00101" + "00101" + "1";
  private static final String SET_BEGINS = "\0\0\1\u0067";

  private CameraVideo() {}

  /** Writes it as MP4. */
  static void write(TestVideo video, Path file) throws IOException {
    Path stream = Files.createTempFile(file.getParent(), "camera-", ".h264");
    String rate = video.rate().toString();
    ffmpeg("-i", video.file().toString(), "-c", "copy", "-bsf:v", "h264_mp4toannexb", stream);
    Files.write(stream, reordered(Files.readAllBytes(stream)));
    String times = "setts=ts=N/(" + rate + ")/TB";
    ffmpeg("-framerate", rate, "-i", stream, "-c", "copy", "-bsf:v", times, file);
    Files.delete(stream);
  }

  private static byte[] reordered(byte[] stream) {
    String rest = new String(stream, StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int set = rest.indexOf(SET_BEGINS); set >= 0; set = rest.indexOf(SET_BEGINS)) {
      int from = set + SET_BEGINS.length();
      int to = rest.indexOf("\0\0\1", from);
      if (rest.charAt(to - 1) == 0) {
        to--;
      }
      out.writeBytes(rest.substring(0, from).getBytes(StandardCharsets.ISO_8859_1));
      out.writeBytes(bytes(reordered(bits(rest.substring(from, to)))));
      rest = rest.substring(to);
    }
    out.writeBytes(rest.getBytes(StandardCharsets.ISO_8859_1));
    return out.toByteArray();
  }

  private static String reordered(String set) {
    String bits = set.substring(0, set.lastIndexOf('1') + 1);
    assertThat(bits).as("parameter set of OpenH264").endsWith(NOT_REORDERED);
    return bits.substring(0, bits.length() - NOT_REORDERED.length()) + REORDERED;
  }

  private static String bits(String bytes) {
    StringBuilder bits = new StringBuilder();
    for (char octet : bytes.toCharArray()) {
      bits.append(Integer.toBinaryString(octet | 0x100).substring(1));
    }
    return bits.toString();
  }

  private static byte[] bytes(String bits) {
    String padded = bits + "0".repeat(-bits.length() & 7);
    byte[] bytes = new byte[padded.length() / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(padded.substring(8 * i, 8 * i + 8), 2);
    }
    return bytes;
  }

  private static void ffmpeg(Object... arguments) {
    List<String> texts = Stream.of(arguments).map(Object::toString).toList();
    FfmpegProgram.Result result = FfmpegProgram.ffmpeg(texts);
    assertThat(result.exitCode()).as(String.join("\n", result.errors())).isZero();
  }
}
