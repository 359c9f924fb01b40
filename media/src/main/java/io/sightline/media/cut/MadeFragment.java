package io.sightline.media.cut;

import io.sightline.media.cmaf.FragmentSample;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The samples of a fragment that was not recorded, while they are put together. */
final class MadeFragment {

  private final List<FragmentSample> samples = new ArrayList<>();
  private final ByteArrayOutputStream media = new ByteArrayOutputStream();

  /**
   * Adds the next sample in decoding order.
   *
   * @param endTicks decode time of the one after it
   * @param data copied; its position stays
   */
  void add(long decodeTicks, long endTicks, long shownTicks, boolean sync, ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    media.writeBytes(bytes);
    samples.add(
        new FragmentSample(
            decodeTicks, endTicks - decodeTicks, shownTicks - decodeTicks, sync, 0, bytes.length));
  }

  List<FragmentSample> samples() {
    return samples;
  }

  /** Their bytes, in order. */
  byte[] media() {
    return media.toByteArray();
  }
}
