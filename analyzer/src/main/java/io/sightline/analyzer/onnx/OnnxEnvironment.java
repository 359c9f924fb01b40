package io.sightline.analyzer.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

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

  private static OrtEnvironment started;

  private OnnxEnvironment() {}

  /**
   * @throws IllegalArgumentException when it does not run on this machine
   */
  static synchronized OrtEnvironment get() {
    if (started == null) {
      FutureTask<OrtEnvironment> start =
          new FutureTask<>(
              () ->
                  OrtEnvironment.getEnvironment(
                      OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "sightline"));
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
}
