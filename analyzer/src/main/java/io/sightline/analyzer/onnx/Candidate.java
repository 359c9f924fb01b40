package io.sightline.analyzer.onnx;

/**
 * A box that a model proposes, in pixels of its input.
 *
 * @param label index of the class
 * @param score 0 to 1
 */
record Candidate(int label, float score, float left, float top, float right, float bottom) {

  /** Intersection over union. */
  float overlap(Candidate other) {
    float across = Math.min(right, other.right) - Math.max(left, other.left);
    float down = Math.min(bottom, other.bottom) - Math.max(top, other.top);
    if (across <= 0 || down <= 0) {
      return 0;
    }
    float shared = across * down;
    return shared / (area() + other.area() - shared);
  }

  private float area() {
    return (right - left) * (bottom - top);
  }
}
