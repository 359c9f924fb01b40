package io.sightline.analyzer.models;

import java.net.URI;

/**
 * A model that can be fetched by name.
 *
 * @param sha256 of the file, 64 lower-case hex digits
 * @param sizeBytes of the file
 * @param licence SPDX identifier, to be shown before it is fetched
 * @param origin whose work it is, and where it comes from
 * @param labels what its labels are, for people
 */
public record ModelEntry(
    String name,
    String description,
    URI url,
    String sha256,
    long sizeBytes,
    String licence,
    String origin,
    String labels) {

  public ModelEntry {
    if (!sha256.matches("[0-9a-f]{64}") || sizeBytes < 1) {
      throw new IllegalArgumentException("The model '" + name + "' needs a SHA-256 and a size");
    }
  }
}
