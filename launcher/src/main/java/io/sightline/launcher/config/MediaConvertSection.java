package io.sightline.launcher.config;

import io.sightline.clipper.mediaconvert.MediaConvertSettings;
import io.sightline.clipper.mediaconvert.PriceTable;
import io.sightline.clipper.mediaconvert.Quality;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How MediaConvert makes clips and whole replays.
 *
 * @param region where jobs run
 * @param endpoint of the account or of a private network; null for the region's
 * @param role ARN of what MediaConvert takes on to read and write the bucket
 * @param queue name or ARN; null for the default queue
 * @param quality of the encoder, which decides the price tier
 * @param maxBitrate of the pictures, in bits a second
 * @param hls whether HLS files are written beside the MP4 of a clip
 * @param ladder sizes of the HLS files of a replay, beside its own
 * @param jobs how many clips are in the making at once, and how many replays
 * @param poll how often a job is asked about
 * @param events URL of the SQS queue that events of jobs arrive in; null when there is none
 * @param tags of jobs
 * @param metadata that jobs carry
 * @param prices by which costs are estimated
 */
public record MediaConvertSection(
    String region,
    URI endpoint,
    String role,
    String queue,
    Quality quality,
    Integer maxBitrate,
    Boolean hls,
    List<Integer> ladder,
    Integer jobs,
    Duration poll,
    URI events,
    Map<String, String> tags,
    Map<String, String> metadata,
    PriceTable prices) {

  MediaConvertSettings settings(StorageSection storage) {
    return new MediaConvertSettings(
        region,
        endpoint,
        role,
        queue,
        storage.objects(),
        quality == null ? MediaConvertSettings.DEFAULT_QUALITY : quality,
        maxBitrate == null ? MediaConvertSettings.DEFAULT_MAX_BITRATE : maxBitrate,
        hls != null && hls,
        ladder,
        jobs == null ? MediaConvertSettings.DEFAULT_JOBS : jobs,
        poll == null ? usualPoll() : poll,
        events,
        tags,
        metadata,
        prices);
  }

  private Duration usualPoll() {
    return events == null
        ? MediaConvertSettings.DEFAULT_POLL
        : MediaConvertSettings.DEFAULT_POLL_BESIDE_EVENTS;
  }
}
