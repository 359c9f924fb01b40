package io.sightline.analyzer.onnx;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Reads one layout of model output. Made for one model; safe for use by several threads. Another
 * layout is another implementation and one more case in {@link Layout}.
 */
interface OutputDecoder {

  /** How many labels the model tells apart. */
  int classes();

  /**
   * What the model proposes, before boxes of the same thing are merged.
   *
   * @param output the first output of the model, whole
   * @param minScore 0 to 1; lesser ones are left out
   */
  List<Candidate> decode(FloatBuffer output, float minScore);
}
