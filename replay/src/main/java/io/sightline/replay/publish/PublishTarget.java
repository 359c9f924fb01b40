package io.sightline.replay.publish;

import java.io.IOException;
import java.io.InputStream;

/**
 * Where replays are copied to. What is written is there whole or not at all, and in place of what
 * was there under the same name. Blocking; one thread.
 */
interface PublishTarget extends AutoCloseable {

  /** What is written, to be read once or, when writing is tried again, several times. */
  interface Content {

    /** In bytes. */
    long length();

    InputStream open() throws IOException;
  }

  /**
   * @param name a relative path with slashes
   * @param type as in {@code Content-Type}
   * @param changes whether other content may come under the same name, so that caches are to ask
   * @throws RefusedException when trying again would not help
   */
  void put(String name, Content content, String type, boolean changes) throws IOException;

  /**
   * Deletes all that lies in a folder, or a file; nothing when there is none.
   *
   * @param name of a folder it ends with a slash
   * @throws RefusedException when trying again would not help
   */
  void delete(String name) throws IOException;

  @Override
  void close();
}
