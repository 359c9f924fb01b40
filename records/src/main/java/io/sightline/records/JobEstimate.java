package io.sightline.records;

import java.math.BigDecimal;
import java.util.List;

/**
 * What the encoding of a replay will cost, roughly, and what comes of it.
 *
 * @param currency such as {@code USD}
 * @param cost of all outputs
 * @param pricesOf as of when the prices are, as people write it
 * @param durationMicros of each output
 */
public record JobEstimate(
    String currency, BigDecimal cost, String pricesOf, long durationMicros, List<Output> outputs) {

  /**
   * One output.
   *
   * @param name {@code mp4}, or that of a size among the HLS files: {@code 720p}
   * @param width in pixels
   * @param height in pixels
   */
  public record Output(String name, int width, int height, BigDecimal cost) {

    public Output {
      cost = plain(cost);
    }
  }

  public JobEstimate {
    cost = plain(cost);
    outputs = outputs == null ? List.of() : List.copyOf(outputs);
  }

  /** As JSON writes and reads it, whatever it was computed from. */
  private static BigDecimal plain(BigDecimal cost) {
    BigDecimal stripped = cost.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
