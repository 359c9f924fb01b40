package io.sightline.media.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers of tests that go away and come back to the same one, or are told which. */
public final class TestPort {

  private static final int FIRST = 10_000;
  private static final int END = 20_000;

  private TestPort() {}

  /**
   * A free port of the local host. It is none of those that the system gives to whoever asks for
   * any: one of them may be somebody's connection before the server is there, or while it is away.
   */
  public static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        // Another one will be free.
      }
    }
  }
}
