package io.sightline.launcher;

/** Where the {@code sightline} command begins. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(SightlineCommand.line().execute(arguments));
  }
}
