package io.sightline.edgecapture.medialive;

import io.sightline.edgecapture.aws.AwsFailures;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.medialive.model.ChannelClass;
import software.amazon.awssdk.services.medialive.model.ChannelState;
import software.amazon.awssdk.services.medialive.model.DescribeChannelResponse;
import software.amazon.awssdk.services.medialive.model.ThumbnailDetail;
import software.amazon.awssdk.services.medialive.model.ThumbnailState;
import software.amazon.awssdk.services.medialive.model.ThumbnailType;

/**
 * One pipeline of a channel, asked through the SDK. Every call needs a {@link Turn}. One thread.
 */
final class Pipeline {

  /** How MediaLive answers for channels that do not run. */
  private static final Set<Integer> NOT_RUNNING = Set.of(400, 409, 422);

  private final PipelineAddress address;
  private final MediaLiveKind.Region region;

  Pipeline(PipelineAddress address, MediaLiveKind.Region region) {
    this.address = address;
    this.region = region;
  }

  /** The service answers that it is asked too much: nothing is wrong with the channel. */
  static final class ThrottledException extends Exception {
    private static final long serialVersionUID = 1;

    ThrottledException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * What its active input looks like; empty when there is no thumbnail, which {@link #standing()}
   * explains.
   */
  Optional<Thumbnail> look() throws MediaException, ThrottledException, InterruptedException {
    List<ThumbnailDetail> details;
    try {
      details =
          call(
              "MediaLive did not give the thumbnail of " + address,
              () ->
                  region
                      .client()
                      .describeThumbnails(
                          request ->
                              request
                                  .channelId(address.channel())
                                  .pipelineId(address.pipeline())
                                  .thumbnailType(ThumbnailType.CURRENT_ACTIVE.toString()))
                      .thumbnailDetails());
    } catch (MediaException e) {
      if (e.getCause() instanceof AwsServiceException answer
          && e.reason() == Reason.UNAVAILABLE
          && NOT_RUNNING.contains(answer.statusCode())) {
        return Optional.empty();
      }
      throw e;
    }
    return details.stream()
        .filter(detail -> address.pipeline().equals(detail.pipelineId()))
        .flatMap(detail -> detail.thumbnails().stream())
        .filter(one -> one.thumbnailType() == ThumbnailType.CURRENT_ACTIVE)
        .filter(one -> one.body() != null)
        .map(one -> new Thumbnail(one.timeStamp(), one.contentType(), one.body()))
        .findFirst();
  }

  /**
   * Why there is no thumbnail, when that may change by itself.
   *
   * @param runs whether the pipeline runs all the same
   * @param sentence for people
   */
  record Standing(boolean runs, String sentence) {}

  /**
   * Asks why there is no thumbnail.
   *
   * @throws MediaException when somebody has to change something first
   */
  Standing standing() throws MediaException, ThrottledException, InterruptedException {
    DescribeChannelResponse channel =
        call(
            "MediaLive did not say how its channel " + address.channel() + " stands",
            () -> region.client().describeChannel(request -> request.channelId(address.channel())));
    String name =
        channel.name() == null || channel.name().isBlank()
            ? address.toString()
            : address + " ('" + channel.name().replaceAll("\\p{Cntrl}", "?") + "')";
    if (channel.channelClass() == ChannelClass.SINGLE_PIPELINE && !address.pipeline().equals("0")) {
      throw new MediaException(
          Reason.NOT_FOUND, "There is no " + name + ": the channel has a single one, pipeline 0");
    }
    if (channel.state() != ChannelState.RUNNING) {
      String state = String.valueOf(channel.stateAsString()).toLowerCase(Locale.ROOT);
      return new Standing(false, "Waiting for " + name + ", which is " + state);
    }
    if (thumbnailsAreOff(channel)) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "There are no thumbnails of "
              + name
              + ": they are disabled. Stop the channel and set its thumbnail configuration to AUTO");
    }
    boolean runs =
        !channel.hasPipelineDetails()
            || channel.pipelineDetails().stream()
                .anyMatch(one -> address.pipeline().equals(one.pipelineId()));
    return runs
        ? new Standing(true, "Waiting for the first thumbnail of " + name)
        : new Standing(false, "Waiting for " + name + ", which does not run; the other one does");
  }

  private static boolean thumbnailsAreOff(DescribeChannelResponse channel) {
    return channel.encoderSettings() != null
        && channel.encoderSettings().thumbnailConfiguration() != null
        && channel.encoderSettings().thumbnailConfiguration().state() == ThumbnailState.DISABLED;
  }

  private <T> T call(String failing, Supplier<T> call)
      throws MediaException, ThrottledException, InterruptedException {
    try {
      T answer = call.get();
      region.pace().answered();
      return answer;
    } catch (SdkException e) {
      // The SDK turns an interrupt into an exception of its own.
      if (Thread.interrupted() || e instanceof AbortedException) {
        throw new InterruptedException("Asking MediaLive was interrupted");
      }
      if (e instanceof AwsServiceException answer && answer.isThrottlingException()) {
        region.pace().throttled();
        throw new ThrottledException("MediaLive is asked too much", e);
      }
      region.pace().answered();
      throw AwsFailures.of(failing, e);
    }
  }
}
