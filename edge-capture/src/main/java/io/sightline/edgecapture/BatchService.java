package io.sightline.edgecapture;

import java.util.List;

/**
 * A service that takes many items in one call and may take only some of them. Thread-safe; one
 * stream's calls come one after another.
 */
public interface BatchService extends AutoCloseable {

  /**
   * How a call went.
   *
   * @param taken how many items, from the first on, are durable and lie in the order they have
   * @param trouble why that is not all of them, as a sentence; null when it is
   * @param personNeeded whether trying again helps only once somebody has acted: a right that is
   *     missing, a name that is wrong
   */
  record Result(int taken, String trouble, boolean personNeeded) {}

  /** What it is, in the middle of a sentence. */
  String name();

  /** How many items one call takes. */
  int maxCallItems();

  /** How many bytes of a stream's items, with all that counts beside them, one call takes. */
  int maxCallBytes(String stream);

  /** How large one item of a stream may be. */
  int maxItemBytes(String stream);

  /** What an item of a stream counts in a call. */
  int sizeInCall(String stream, int itemBytes);

  /** Sends items in one call; never throws for what the service or the network does. Blocks. */
  Result put(String stream, List<byte[]> items);

  /** After the last call. */
  @Override
  void close();
}
