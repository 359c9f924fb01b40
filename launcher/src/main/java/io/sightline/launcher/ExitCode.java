package io.sightline.launcher;

/** What the command ends with. */
public final class ExitCode {

  public static final int DONE = 0;

  /** Anything that is neither of the others. */
  public static final int FAILED = 1;

  /** The request or the configuration is wrong. */
  public static final int WRONG_REQUEST = 2;

  /** Done, but part of the input could not be read. */
  public static final int PARTLY_READ = 3;

  private ExitCode() {}
}
