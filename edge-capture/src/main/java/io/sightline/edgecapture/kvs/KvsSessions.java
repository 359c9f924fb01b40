package io.sightline.edgecapture.kvs;

import io.sightline.edgecapture.aws.AwsClients;
import io.sightline.edgecapture.aws.AwsFailures;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesisvideo.KinesisVideoClient;
import software.amazon.awssdk.services.kinesisvideo.model.APIName;
import software.amazon.awssdk.services.kinesisvideo.model.ClientLimitExceededException;
import software.amazon.awssdk.services.kinesisvideo.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.KinesisVideoArchivedMediaClient;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ContainerFormat;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.HLSDiscontinuityMode;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.HLSFragmentSelectorType;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.HLSPlaybackMode;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.InvalidCodecPrivateDataException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.MissingCodecPrivateDataException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.NoDataRetentionException;
import software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.UnsupportedStreamMediaTypeException;

/**
 * Gets HLS sessions of a Kinesis video stream: the endpoint that has its data, then a session
 * there. One thread.
 *
 * <p>Fragmented MP4, since it carries HEVC too; the times of the producer, since those of the
 * server leave gaps and overlaps between fragments.
 */
final class KvsSessions implements AutoCloseable {

  /** The most that a live player should have, so that a hiccup of the network loses nothing. */
  private static final long FRAGMENTS = 10;

  private final KvsAddress address;
  private final Duration expires;
  private KinesisVideoClient streams;

  /**
   * @param expires after which a session ends: 5 minutes to 12 hours
   */
  KvsSessions(KvsAddress address, Duration expires) {
    this.address = address;
    this.expires = expires;
  }

  /** Opens a live session. Blocks. The URL holds a secret. */
  KvsSession open() throws MediaException, InterruptedException {
    URI endpoint = endpoint();
    try (KinesisVideoArchivedMediaClient media =
        AwsClients.set(KinesisVideoArchivedMediaClient.builder(), address.region())
            .endpointOverride(endpoint)
            .build()) {
      String url =
          media
              .getHLSStreamingSessionURL(
                  request ->
                      request
                          .streamName(address.name())
                          .playbackMode(HLSPlaybackMode.LIVE)
                          .hlsFragmentSelector(
                              selector ->
                                  selector.fragmentSelectorType(
                                      HLSFragmentSelectorType.PRODUCER_TIMESTAMP))
                          .discontinuityMode(HLSDiscontinuityMode.NEVER)
                          .containerFormat(ContainerFormat.FRAGMENTED_MP4)
                          .maxMediaPlaylistFragmentResults(FRAGMENTS)
                          .expires((int) expires.toSeconds()))
              .hlsStreamingSessionURL();
      uri(url, "a session that is no web address");
      return new KvsSession(url);
    } catch (SdkException e) {
      throw sessionFailure(e);
    }
  }

  private URI endpoint() throws MediaException, InterruptedException {
    try {
      if (streams == null) {
        streams = AwsClients.set(KinesisVideoClient.builder(), address.region()).build();
      }
      String endpoint =
          streams
              .getDataEndpoint(
                  request ->
                      request
                          .streamName(address.name())
                          .apiName(APIName.GET_HLS_STREAMING_SESSION_URL))
              .dataEndpoint();
      return uri(endpoint, "an endpoint that is no web address");
    } catch (ResourceNotFoundException e) {
      throw new MediaException(
          Reason.NOT_FOUND,
          "There is no Kinesis video stream '"
              + address.name()
              + "' in "
              + streams.serviceClientConfiguration().region()
              + " for this account; check the name and the region",
          e);
    } catch (ClientLimitExceededException e) {
      throw tooOften(e);
    } catch (SdkException e) {
      throw failure("kinesisvideo:GetDataEndpoint", e);
    }
  }

  private MediaException sessionFailure(SdkException e) throws InterruptedException {
    if (e
        instanceof
        software.amazon.awssdk.services.kinesisvideoarchivedmedia.model.ResourceNotFoundException) {
      // The stream itself was found when its endpoint was asked for.
      return new MediaException(
          Reason.UNAVAILABLE,
          address
              + " has no media: nothing was sent to it within the last 30 s; see whether its"
              + " producer runs",
          e);
    }
    if (e
        instanceof
        software.amazon.awssdk.services.kinesisvideoarchivedmedia.model
            .ClientLimitExceededException) {
      return tooOften(e);
    }
    if (e instanceof NoDataRetentionException) {
      return new MediaException(
          Reason.UNSUPPORTED,
          address + " keeps no data; set the data retention of the stream to an hour or more",
          e);
    }
    if (e instanceof UnsupportedStreamMediaTypeException) {
      return new MediaException(
          Reason.UNSUPPORTED,
          address
              + " holds media that has no HLS session; its producer must send H.264 or H.265 in"
              + " track 1 and, if any, AAC in track 2",
          e);
    }
    if (e instanceof MissingCodecPrivateDataException
        || e instanceof InvalidCodecPrivateDataException) {
      return new MediaException(
          Reason.MALFORMED,
          address
              + " holds fragments without usable codec private data; its producer must send it"
              + " in AVCC or HVCC form (NAL adaptation flags)",
          e);
    }
    return failure("kinesisvideo:GetHLSStreamingSessionURL", e);
  }

  private MediaException tooOften(SdkException e) {
    return new MediaException(
        Reason.UNAVAILABLE,
        "Kinesis Video Streams was asked too often for "
            + address
            + " or has too many sessions of it; it is tried again",
        e);
  }

  private MediaException failure(String action, SdkException e) throws InterruptedException {
    MediaException failure =
        AwsFailures.during("Kinesis Video Streams does not open " + address, e);
    return failure.reason() != Reason.UNAUTHORIZED
        ? failure
        : new MediaException(
            Reason.UNAUTHORIZED, failure.getMessage() + "; it needs the permission " + action, e);
  }

  private URI uri(String text, String otherwise) throws MediaException {
    try {
      URI uri = URI.create(String.valueOf(text));
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (uri.getHost() != null && (scheme.equals("https") || scheme.equals("http"))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Not named: it may hold a secret.
    }
    throw new MediaException(
        Reason.UNAVAILABLE, "Kinesis Video Streams answered for " + address + " with " + otherwise);
  }

  @Override
  public void close() {
    if (streams != null) {
      streams.close();
      streams = null;
    }
  }
}
