package io.sightline.clipper.mediaconvert;

import io.sightline.media.MediaException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.mediaconvert.MediaConvertClient;
import software.amazon.awssdk.services.mediaconvert.MediaConvertClientBuilder;
import software.amazon.awssdk.services.mediaconvert.model.ConflictException;
import software.amazon.awssdk.services.mediaconvert.model.CreateJobRequest;
import software.amazon.awssdk.services.mediaconvert.model.Job;
import software.amazon.awssdk.services.mediaconvert.model.NotFoundException;

/**
 * MediaConvert through the SDK. What may pass is tried again until it has, or the work is stopped,
 * with pauses that grow and differ; the SDK's own repeats are off, so that there is one rule.
 * Blocks; several threads at once.
 */
final class JobService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobService.class);

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration READ = Duration.ofSeconds(20);
  private static final Duration CALL = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final int MAX_DOUBLINGS = 10;
  private static final int SEARCHED = 20;

  private final MediaConvertSettings settings;
  private final Duration firstPause;

  // Guarded by this.
  private MediaConvertClient client;

  JobService(MediaConvertSettings settings, Duration firstPause) {
    this.settings = settings;
    this.firstPause = firstPause;
  }

  /** Made when it is first needed: that takes a while, and whoever opens a maker may not block. */
  private synchronized MediaConvertClient client() {
    if (client == null) {
      MediaConvertClientBuilder builder =
          MediaConvertClient.builder()
              .region(Region.of(settings.region()))
              .httpClientBuilder(
                  UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(READ))
              .overrideConfiguration(
                  limits ->
                      limits.apiCallTimeout(CALL).retryStrategy(AwsRetryStrategy.doNotRetry()));
      if (settings.endpoint() != null) {
        builder.endpointOverride(settings.endpoint());
      }
      client = builder.build();
    }
    return client;
  }

  /** Submits a job; the same token gives the same job. */
  Job create(CreateJobRequest request, Stop stop) throws MediaException {
    return call("mediaconvert:CreateJob", stop, () -> client().createJob(request).job());
  }

  Job get(String id, Stop stop) throws MediaException {
    return call("mediaconvert:GetJob", stop, () -> client().getJob(job -> job.id(id)).job());
  }

  /**
   * Looks for a job that was submitted before, of which the answer was lost. A token holds for a
   * minute only (API reference, "Preventing duplicate jobs").
   *
   * @param input part of the name of a file that it reads
   */
  Optional<Job> find(String input, Predicate<Job> meant, Stop stop) throws MediaException {
    return call("mediaconvert:SearchJobs", stop, () -> searched(input).filter(meant).findFirst());
  }

  private Stream<Job> searched(String input) {
    return client()
        .searchJobs(search -> search.inputFile(input).maxResults(SEARCHED))
        .jobs()
        .stream();
  }

  /** Ends a job, trying once; one that has ended is left as it is. */
  void cancel(String id) {
    try {
      client().cancelJob(job -> job.id(id));
    } catch (ConflictException | NotFoundException e) {
      LOG.debug("The job {} has ended already: {}", id, ServiceFailures.said(e));
    } catch (SdkException e) {
      LOG.warn("The job {} is not cancelled: {}", id, ServiceFailures.said(e));
    }
  }

  /** Ends jobs of which no ids are known, if there are any; tries once. */
  void cancel(String input, Predicate<Job> meant) {
    try {
      searched(input).filter(meant).map(Job::id).forEach(this::cancel);
    } catch (SdkException e) {
      LOG.warn("A job that reads {} may go on: {}", input, ServiceFailures.said(e));
    }
  }

  private <T> T call(String action, Stop stop, Supplier<T> call) throws MediaException {
    for (int failures = 0; ; failures++) {
      stop.check();
      try {
        return call.get();
      } catch (SdkException e) {
        Optional<MediaException> lasting = ServiceFailures.lasting(action, e);
        if (lasting.isPresent()) {
          throw lasting.get();
        }
        if (failures == 0) {
          LOG.info("{} is tried again: {}", action, ServiceFailures.said(e));
        }
        stop.pause(pauseAfter(failures));
      }
    }
  }

  /** Between half of a growing bound and all of it, so that many do not come back together. */
  private Duration pauseAfter(int failures) {
    long bound = firstPause.toMillis() << Math.min(failures, MAX_DOUBLINGS);
    bound = Math.min(bound, LONGEST_PAUSE.toMillis());
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(bound / 2, bound + 1));
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }
}
