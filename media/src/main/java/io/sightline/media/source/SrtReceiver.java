package io.sightline.media.source;

import io.sightline.media.ffmpeg.FfmpegLog;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * The other end of an {@link SrtRelay}, in a process of its own: takes a URL as the first line of
 * its standard input, gives what it receives to its standard output, and says at its end, on
 * standard error, FFmpeg's code and what it means. It ends when its standard input does.
 */
final class SrtReceiver {

  private static final int BUFFER_BYTES = 64 * 1024;

  private SrtReceiver() {}

  public static void main(String[] arguments) throws IOException {
    // What libraries print must not come between the bytes.
    System.setOut(System.err);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String url = in.readLine();
    if (url == null) {
      return;
    }
    Thread watch = new Thread(() -> endWith(in), "parent");
    watch.setDaemon(true);
    watch.start();
    FfmpegLog.install();
    FfmpegLog.forget();
    int code = receive(url);
    System.err.println(
        code + "\t" + FfmpegLog.lastLine().map(line -> " (" + line + ")").orElse(""));
    System.err.flush();
    // Whoever still waits somewhere in native code has nothing to do any more.
    Runtime.getRuntime().halt(code == avutil.AVERROR_EOF() ? 0 : 1);
  }

  private static int receive(String url) {
    AVIOContext context = new AVIOContext(null);
    AVDictionary settings = new AVDictionary(null);
    AVIOInterruptCB never = null;
    avutil.av_dict_set(settings, "protocol_whitelist", SourceKind.SRT.protocols(), 0);
    int code = avformat.avio_open2(context, url, avformat.AVIO_FLAG_READ, never, settings);
    if (code < 0) {
      return code;
    }
    byte[] bytes = new byte[BUFFER_BYTES];
    try (BytePointer buffer = new BytePointer(BUFFER_BYTES)) {
      // Not System.out, which looks at each byte.
      OutputStream out = new FileOutputStream(FileDescriptor.out);
      while ((code = avformat.avio_read_partial(context, buffer, BUFFER_BYTES)) > 0) {
        buffer.get(bytes, 0, code);
        out.write(bytes, 0, code);
      }
      return code == 0 ? avutil.AVERROR_EOF() : code;
    } catch (IOException e) {
      // Nobody listens any more.
      return avutil.AVERROR_EOF();
    }
  }

  private static void endWith(BufferedReader in) {
    try {
      while (in.readLine() != null) {
        // There is nothing more to hear.
      }
    } catch (IOException e) {
      // That is an end, too.
    }
    Runtime.getRuntime().halt(0);
  }
}
