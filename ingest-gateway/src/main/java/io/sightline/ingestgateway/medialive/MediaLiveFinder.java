package io.sightline.ingestgateway.medialive;

import io.micrometer.core.instrument.MeterRegistry;
import io.sightline.ingestgateway.streams.StreamFinder;
import io.sightline.storage.RecordStore;
import io.vertx.core.VerticleBase;
import java.time.Clock;

/** Finds the running channels of one region of MediaLive. */
public final class MediaLiveFinder implements StreamFinder {

  private final MediaLiveSettings settings;
  private final AwsAccess access;

  /** With the credentials of this process. */
  public MediaLiveFinder(MediaLiveSettings settings) {
    this(settings, AwsAccess.ofTheProcess(settings.region()));
  }

  MediaLiveFinder(MediaLiveSettings settings, AwsAccess access) {
    this.settings = settings;
    this.access = access;
  }

  @Override
  public String name() {
    return "medialive." + settings.name();
  }

  @Override
  public VerticleBase verticle(RecordStore records, MeterRegistry registry) {
    return new MediaLiveVerticle(
        name(), settings, access, records, registry, FinderTimes.DEFAULT, Clock.systemUTC());
  }
}
