package io.sightline.analyzer.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime, started once.
 *
 * <p>It tells nobody what it is used for: telemetry is switched off, which builds for Windows have.
 * Version 1.29.0 has it on Linux too, on as soon as it is loaded: it keeps an identifier of the
 * machine in the home folder and calls out. So 1.28.0 is used, which has none.
 */
final class OnnxEnvironment {

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
      try {
        useUnpackedLibraries();
        OrtEnvironment environment =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "sightline");
        environment.setTelemetry(false);
        started = environment;
      } catch (OrtException | LinkageError | IllegalStateException e) {
        throw new IllegalArgumentException(
            "ONNX Runtime does not start on this machine: " + e.getMessage(), e);
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
