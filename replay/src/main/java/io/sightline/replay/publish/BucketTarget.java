package io.sightline.replay.publish;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A prefix of an S3 bucket. Credentials come from the SDK's default chain; the region too, unless
 * it is named.
 */
final class BucketTarget implements PublishTarget {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration READ = Duration.ofSeconds(30);
  private static final Duration ATTEMPT = Duration.ofMinutes(5);
  private static final Duration CALL = Duration.ofMinutes(10);

  /**
   * What is larger goes in parts of this size: 10,000 of them are allowed (S3 User Guide, "Amazon
   * S3 multipart upload limits").
   */
  private static final int PART_BYTES = 64_000_000;

  /** As many as a request may list or delete (S3 API, DeleteObjects). */
  private static final int PAGE_KEYS = 1_000;

  private static final String MASTER = "master";
  private static final String PLAYLIST = ".m3u8";

  /**
   * Later does not help: AWS General Reference, "Common error types", and S3 API, "Error
   * responses".
   */
  private static final Set<String> FINAL =
      Set.of(
          "AccessDenied",
          "AllAccessDisabled",
          "AccountProblem",
          "InvalidAccessKeyId",
          "InvalidBucketName",
          "MethodNotAllowed",
          "NoSuchBucket",
          "PermanentRedirect",
          "SignatureDoesNotMatch",
          "EntityTooLarge");

  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private final int partBytes;
  private final int pageKeys;

  private BucketTarget(S3Client client, String bucket, String prefix, int partBytes, int pageKeys) {
    this.partBytes = partBytes;
    this.pageKeys = pageKeys;
    this.client = client;
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /**
   * @param prefix empty, or with a slash at its end
   * @param region null for the one of the environment
   */
  static BucketTarget open(String bucket, String prefix, String region) throws RefusedException {
    return open(bucket, prefix, region, PART_BYTES, PAGE_KEYS);
  }

  /**
   * @param partBytes what is larger goes in parts of this size, at least 5 MiB
   * @param pageKeys so many are listed and deleted at a time, at most 1000
   */
  static BucketTarget open(String bucket, String prefix, String region, int partBytes, int pageKeys)
      throws RefusedException {
    try {
      S3ClientBuilder builder = S3Client.builder();
      if (region != null) {
        builder.region(Region.of(region));
      }
      S3Client client =
          builder
              .httpClientBuilder(
                  UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(READ))
              .overrideConfiguration(
                  limits -> limits.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
              .build();
      return new BucketTarget(client, bucket, prefix, partBytes, pageKeys);
    } catch (SdkException e) {
      throw new RefusedException(
          "The bucket '" + bucket + "' cannot be written to: " + e.getMessage(), e);
    }
  }

  @Override
  public void put(String name, Content content, String type, boolean changes) throws IOException {
    String cache = changes ? "no-cache" : "public, max-age=31536000, immutable";
    try {
      if (content.length() <= partBytes) {
        client.putObject(
            request ->
                request
                    .bucket(bucket)
                    .key(prefix + name)
                    .contentType(type)
                    .contentLength(content.length())
                    .cacheControl(cache),
            RequestBody.fromContentProvider(() -> opened(content), content.length(), type));
      } else {
        putInParts(prefix + name, content, type, cache);
      }
    } catch (SdkException e) {
      throw failure(e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static InputStream opened(Content content) {
    try {
      return content.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void putInParts(String key, Content content, String type, String cache)
      throws IOException {
    String upload =
        client
            .createMultipartUpload(
                request -> request.bucket(bucket).key(key).contentType(type).cacheControl(cache))
            .uploadId();
    boolean complete = false;
    try (InputStream in = content.open()) {
      List<CompletedPart> parts = new ArrayList<>();
      for (byte[] part = in.readNBytes(partBytes);
          part.length > 0;
          part = in.readNBytes(partBytes)) {
        int number = parts.size() + 1;
        String tag =
            client
                .uploadPart(
                    request -> request.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                    RequestBody.fromBytes(part))
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
      }
      client.completeMultipartUpload(
          request ->
              request
                  .bucket(bucket)
                  .key(key)
                  .uploadId(upload)
                  .multipartUpload(made -> made.parts(parts)));
      complete = true;
    } finally {
      if (!complete) {
        // Its parts would be paid for as long as nobody ends it.
        client.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
      }
    }
  }

  /** First what leads to others, so that at no time a playlist names what has gone. */
  @Override
  public void delete(String name) throws IOException {
    try {
      delete(name, key -> key.substring(key.lastIndexOf('/') + 1).startsWith(MASTER));
      delete(name, key -> key.endsWith(PLAYLIST));
      delete(name, key -> true);
    } catch (SdkException e) {
      throw failure(e);
    }
  }

  private void delete(String name, Predicate<String> meant) throws IOException {
    for (ListObjectsV2Response page :
        client.listObjectsV2Paginator(
            request -> request.bucket(bucket).prefix(prefix + name).maxKeys(pageKeys))) {
      List<ObjectIdentifier> keys =
          page.contents().stream()
              .map(S3Object::key)
              .filter(meant)
              .map(key -> ObjectIdentifier.builder().key(key).build())
              .toList();
      if (!keys.isEmpty()) {
        delete(keys);
      }
    }
  }

  private void delete(List<ObjectIdentifier> keys) throws IOException {
    List<S3Error> errors =
        client
            .deleteObjects(request -> request.bucket(bucket).delete(all -> all.objects(keys)))
            .errors();
    if (!errors.isEmpty()) {
      String sentence = "The bucket '" + bucket + "' does not delete: " + errors.get(0).message();
      throw FINAL.contains(errors.get(0).code())
          ? new RefusedException(sentence, null)
          : new IOException(sentence);
    }
  }

  private IOException failure(SdkException e) {
    String code =
        e instanceof AwsServiceException service && service.awsErrorDetails() != null
            ? service.awsErrorDetails().errorCode()
            : null;
    String why =
        e instanceof AwsServiceException service && service.awsErrorDetails() != null
            ? service.awsErrorDetails().errorMessage()
            : e.getMessage();
    String sentence = "The bucket '" + bucket + "' does not take it: " + why;
    return code != null && FINAL.contains(code)
        ? new RefusedException(sentence, e)
        : new IOException(sentence, e);
  }

  @Override
  public void close() {
    client.close();
  }
}
