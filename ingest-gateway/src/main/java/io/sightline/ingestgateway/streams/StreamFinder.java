package io.sightline.ingestgateway.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.sightline.storage.RecordStore;
import io.vertx.core.VerticleBase;

/** Finds streams by itself, where somebody else says which there are: a cloud's channels. */
public interface StreamFinder {

  /** The section of the configuration file that asks for it, such as {@code medialive.news}. */
  String name();

  /**
   * What does the work, one in each gateway; it agrees with the others by a lease, and writes
   * {@link FoundStreams}.
   *
   * @param records must outlive it
   */
  VerticleBase verticle(RecordStore records, MeterRegistry registry);
}
