package io.sightline.analyzer.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime, started once.
 *
 * <p>Starting, it looks through the command line of the process by recursion (seen with 1.29.0 on
 * Linux): some hundred bytes of stack for each character. A Java command line with a long class
 * path overflows an ordinary thread's stack, and the process dies without a word. So it is started
 * on a thread with a stack that suffices for any command line; only what is used of it takes
 * memory.
 */
final class OnnxEnvironment {

  private static final long STACK_BYTES = 256L << 20;

  /** A setting of ONNX Runtime: where its libraries are. */
  private static final String LIBRARY_FOLDER = "onnxruntime.native.path";

  private static final Logger LOG = LoggerFactory.getLogger(OnnxEnvironment.class);

  private static OrtEnvironment started;

  private OnnxEnvironment() {}

  /**
   * @throws IllegalArgumentException when it does not run on this machine
   */
  static synchronized OrtEnvironment get() {
    if (started == null) {
      FutureTask<OrtEnvironment> start =
          new FutureTask<>(
              () -> {
                useUnpackedLibraries();
                return OrtEnvironment.getEnvironment(
                    OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "sightline");
              });
      new Thread(null, start, "onnx-start", STACK_BYTES).start();
      try {
        started = start.get();
      } catch (ExecutionException e) {
        throw new IllegalArgumentException(
            "ONNX Runtime does not start on this machine: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalArgumentException("ONNX Runtime was interrupted while starting", e);
      }
    }
    return started;
  }

  /**
   * Has its libraries (28 MB) unpacked once for all starts, where FFmpeg's are, and not by each
   * into a folder of its own that a kill leaves behind. Where that does not work, it does as it
   * always did.
   */
  private static void useUnpackedLibraries() {
    if (System.getProperty(LIBRARY_FOLDER) != null) {
      return;
    }
    String platform = Loader.getPlatform().replace("linux-x86_64", "linux-x64");
    platform = platform.replace("linux-arm64", "linux-aarch64");
    File folder = null;
    for (String library : List.of("onnxruntime", "onnxruntime4j_jni")) {
      String name = System.mapLibraryName(library);
      URL packed = OrtEnvironment.class.getResource("native/" + platform + "/" + name);
      try {
        folder = packed == null ? null : Loader.cacheResource(packed).getParentFile();
      } catch (IOException e) {
        LOG.debug("{} is not unpacked ahead", packed, e);
        return;
      }
    }
    if (folder != null) {
      System.setProperty(LIBRARY_FOLDER, folder.getPath());
    }
  }
}
