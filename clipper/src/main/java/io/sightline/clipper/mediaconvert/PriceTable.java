package io.sightline.clipper.mediaconvert;

import io.sightline.records.JobEstimate;
import io.sightline.records.Rational;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What a minute of output costs on demand. An estimate is {@code minutes x minute price of the tier
 * x resolution x frame rate}, for each output, of at least ten seconds. It leaves out volume
 * discounts, reserved queues, storage and transfer.
 *
 * @param date as of when the prices are, as people write it
 * @param currency such as {@code USD}
 * @param basic a normalized minute in the basic tier
 * @param professional a normalized minute in the professional tier
 * @param sd factor for pictures less than 720 lines high
 * @param hd factor for 720 to 1080 lines
 * @param uhd factor for more
 * @param to30 factor for up to 30 frames a second
 * @param to60 factor for up to 60
 * @param above60 factor for more
 */
public record PriceTable(
    String date,
    String currency,
    BigDecimal basic,
    BigDecimal professional,
    BigDecimal sd,
    BigDecimal hd,
    BigDecimal uhd,
    BigDecimal to30,
    BigDecimal to60,
    BigDecimal above60) {

  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final int HD_LINES = 720;
  private static final int UHD_LINES = 1081;

  /** 29.97 and 59.94 are told apart from what lies above 30 and 60. */
  private static final double ROUNDING = 0.01;

  private static final BigDecimal MILLIS_A_MINUTE = new BigDecimal(60_000);
  private static final int PLACES = 4;

  public PriceTable {
    date = date == null ? "2025-11-01" : date;
    currency = currency == null ? "USD" : currency;
    basic = checked("basic", basic, "0.0075");
    professional = checked("professional", professional, "0.012");
    sd = checked("sd", sd, "1");
    hd = checked("hd", hd, "2");
    uhd = checked("uhd", uhd, "4");
    to30 = checked("to30", to30, "1");
    to60 = checked("to60", to60, "1.5");
    above60 = checked("above60", above60, "2");
  }

  /** Rounded, for the order of magnitude. */
  public static PriceTable defaults() {
    return new PriceTable(null, null, null, null, null, null, null, null, null, null);
  }

  /**
   * What a job will cost, roughly.
   *
   * @param outputs how many outputs of the same kind it makes
   */
  BigDecimal estimate(
      Duration output, int outputs, Quality quality, int height, double framesPerSecond) {
    Duration billed = output.compareTo(SHORTEST) < 0 ? SHORTEST : output;
    BigDecimal lines = height < HD_LINES ? sd : height < UHD_LINES ? hd : uhd;
    BigDecimal rate =
        framesPerSecond <= 30 + ROUNDING ? to30 : framesPerSecond <= 60 + ROUNDING ? to60 : above60;
    return new BigDecimal(billed.toMillis())
        .multiply(quality.professional() ? professional : basic)
        .multiply(lines)
        .multiply(rate)
        .multiply(new BigDecimal(outputs))
        .divide(MILLIS_A_MINUTE, PLACES, RoundingMode.HALF_UP);
  }

  /**
   * What it costs to encode a replay: an MP4, and HLS files in several sizes.
   *
   * @param whole size of the MP4
   * @param ladder sizes of the HLS files
   */
  JobEstimate estimate(
      PictureSize whole,
      List<PictureSize> ladder,
      Quality quality,
      Rational rate,
      long durationMicros) {
    List<JobEstimate.Output> outputs = new ArrayList<>();
    outputs.add(output("mp4", whole, quality, rate, durationMicros));
    ladder.forEach(size -> outputs.add(output(size.name(), size, quality, rate, durationMicros)));
    BigDecimal cost =
        outputs.stream().map(JobEstimate.Output::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    return new JobEstimate(currency, cost, date, durationMicros, outputs);
  }

  private JobEstimate.Output output(
      String name, PictureSize size, Quality quality, Rational rate, long durationMicros) {
    Duration duration = Duration.of(durationMicros, ChronoUnit.MICROS);
    BigDecimal cost = estimate(duration, 1, quality, size.height(), rate.toDouble());
    return new JobEstimate.Output(name, size.width(), size.height(), cost);
  }

  private static BigDecimal checked(String name, BigDecimal value, String otherwise) {
    BigDecimal used = value == null ? new BigDecimal(otherwise) : value;
    if (used.signum() < 0) {
      throw new IllegalArgumentException(
          "expected a price or factor of zero or more for '" + name + "', found " + used);
    }
    return used.stripTrailingZeros();
  }
}
