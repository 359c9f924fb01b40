package io.sightline.bench;

import java.util.List;

/**
 * Something that is said about speed, and the program that measures it.
 *
 * @param name by which it is asked for
 * @param sentence what is claimed
 * @param yardstick what it is compared with
 */
public record Claim(
    String name, String sentence, String yardstick, Target target, Measurement measurement) {

  /** Measures, several rounds of it. */
  public interface Measurement {

    /**
     * @throws BenchException when what was measured did not do the work it was measured for
     */
    List<Figure> on(Workbench bench) throws Exception;
  }
}
