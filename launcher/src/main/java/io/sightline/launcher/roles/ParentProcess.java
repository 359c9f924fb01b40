package io.sightline.launcher.roles;

import io.sightline.launcher.RequestException;
import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The process that started this worker, at the other end of its standard input. */
final class ParentProcess {

  private static final int MAX_LINE_BYTES = 16_384;

  private ParentProcess() {}

  /**
   * Reads where this worker sends to. Blocks.
   *
   * @throws RequestException when it was not started by another process of this program
   */
  static Worker.Destination destination() throws RequestException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int next; (next = System.in.read()) >= 0 && next != '\n'; ) {
        if (line.size() == MAX_LINE_BYTES) {
          break;
        }
        line.write(next);
      }
      return Json.decode(line.toByteArray(), Worker.Destination.class);
    } catch (IOException | MalformedRecordException e) {
      throw new RequestException(
          "'--worker' is for processes that capture starts itself ('capture.isolation: process')",
          e);
    }
  }

  /**
   * Has something done once the parent has no more need of this process, or is no more.
   *
   * @param done called on a thread of its own
   */
  static void onEnd(Runnable done) {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // It has nothing more to say.
                }
              } catch (IOException e) {
                // That is an end, too.
              }
              done.run();
            },
            "sightline-parent");
    watch.setDaemon(true);
    watch.start();
  }
}
