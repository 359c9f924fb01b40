package io.sightline.media.cut;

import io.sightline.media.cmaf.FragmentSample;
import java.util.List;

/**
 * A piece on the timeline of its clip or reel.
 *
 * @param head what is written before {@code rest}: a {@code moof}, perhaps more; not copied
 * @param rest recorded bytes that follow the head and complete the fragment
 * @param media the samples' bytes alone, in order
 * @param samples with the reel's times; offsets as recorded
 */
public record ComposedPiece(
    byte[] head, DataRange rest, DataRange media, List<FragmentSample> samples) {

  public ComposedPiece {
    samples = List.copyOf(samples);
  }
}
