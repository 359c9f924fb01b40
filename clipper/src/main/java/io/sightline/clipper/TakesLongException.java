package io.sightline.clipper;

/** Making a clip takes longer than others may wait for it. */
public final class TakesLongException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * @param why in a sentence
   */
  public TakesLongException(String why) {
    super(why, null, false, false);
  }
}
