package io.sightline.storage.s3;

import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectKeys;
import io.sightline.storage.ObjectPage;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The requests that a store makes, below its prefix. All of them block, are tried again by the SDK
 * where that may help, and fail with {@link StorageException}. Safe for use by many threads.
 */
final class Bucket implements AutoCloseable {

  static final String LIST = "s3:ListBucket";
  private static final String GET = "s3:GetObject";
  private static final String PUT = "s3:PutObject";
  private static final String DELETE = "s3:DeleteObject";
  private static final String ABORT = "s3:AbortMultipartUpload";

  /** No key has such a name. */
  private static final String PROBE = "~sightline";

  private static final String OCTETS = "application/octet-stream";

  private final S3Client client;
  private final S3Location location;

  private Bucket(S3Client client, S3Location location) {
    this.client = client;
    this.location = location;
  }

  /** Looks for the region and the like; makes no request yet. */
  static Bucket open(S3Location location, S3Access access, Patience patience) {
    try {
      S3ClientBuilder builder =
          S3Client.builder()
              .forcePathStyle(access.pathStyle())
              .httpClientBuilder(
                  UrlConnectionHttpClient.builder()
                      .connectionTimeout(patience.connect())
                      .socketTimeout(patience.read()))
              .overrideConfiguration(
                  limits ->
                      limits
                          .apiCallAttemptTimeout(patience.attempt())
                          .apiCallTimeout(patience.call()));
      if (access.region() != null) {
        builder.region(Region.of(access.region()));
      }
      if (access.endpoint() != null) {
        builder.endpointOverride(URI.create(access.endpoint()));
      }
      return new Bucket(builder.build(), location);
    } catch (SdkException e) {
      throw S3Failures.of(
          location, "The bucket '" + location.bucket() + "' cannot be used", LIST, e);
    }
  }

  /**
   * Does once what a store does all the time. Several processes may do so at once.
   *
   * @throws StorageException when something of it is not allowed, or nobody answers
   */
  void probe() {
    list("", null, 1);
    put(PROBE, new byte[0], OCTETS);
    try {
      read(PROBE, null, null).close();
    } catch (StorageException e) {
      // Another process that starts may have deleted it already; to be told so is to be let in.
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
    } catch (IOException e) {
      throw StorageException.of("The bucket '" + location.bucket() + "'", e);
    }
    delete(PROBE);
  }

  void put(String key, byte[] content, String contentType) {
    put(key, List.of(content), content.length, contentType);
  }

  /**
   * @param blocks the content; not to be written to meanwhile
   */
  void put(String key, List<byte[]> blocks, long length, String contentType) {
    ask(
        "did not take the object",
        key,
        PUT,
        () ->
            client.putObject(
                request ->
                    request
                        .bucket(location.bucket())
                        .key(location.name(key))
                        .contentType(contentType),
                body(blocks, length, contentType)));
  }

  /**
   * Opens an object.
   *
   * @param range as in RFC 9110, section 14.2; null for all of it
   * @param ifMatch the entity tag that it must have; null for any
   * @throws StorageException NOT_FOUND; INVALID when the range lies behind its end
   */
  ResponseInputStream<GetObjectResponse> read(String key, String range, String ifMatch) {
    return ask(
        "did not give the object",
        key,
        GET,
        () ->
            client.getObject(
                request ->
                    request
                        .bucket(location.bucket())
                        .key(location.name(key))
                        .range(range)
                        .ifMatch(ifMatch)));
  }

  HeadObjectResponse head(String key) {
    return ask(
        "did not tell of the object",
        key,
        GET,
        () ->
            client.headObject(
                request -> request.bucket(location.bucket()).key(location.name(key))));
  }

  void delete(String key) {
    try {
      ask(
          "did not delete the object",
          key,
          DELETE,
          () ->
              client.deleteObject(
                  request -> request.bucket(location.bucket()).key(location.name(key))));
    } catch (StorageException e) {
      // Amazon's does not tell, others may: nothing to delete is what was asked for.
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Names that are no keys are somebody else's, and passed over. */
  ObjectPage list(String prefix, String after, int limit) {
    String from = after;
    while (true) {
      ListObjectsV2Response page = page(prefix, from, limit);
      List<ObjectInfo> objects =
          page.contents().stream()
              .map(object -> new ObjectInfo(key(object), object.size(), object.lastModified()))
              .filter(object -> ObjectKeys.isKey(object.key()))
              .toList();
      boolean more = Boolean.TRUE.equals(page.isTruncated()) && !page.contents().isEmpty();
      from = more ? key(page.contents().get(page.contents().size() - 1)) : null;
      if (from == null || !objects.isEmpty()) {
        return new ObjectPage(objects, from);
      }
    }
  }

  private ListObjectsV2Response page(String prefix, String after, int limit) {
    return ask(
        "did not list the objects below",
        prefix,
        LIST,
        () ->
            client.listObjectsV2(
                request ->
                    request
                        .bucket(location.bucket())
                        .prefix(location.name(prefix))
                        .startAfter(after == null ? null : location.name(after))
                        .maxKeys(limit)));
  }

  private String key(S3Object object) {
    return object.key().substring(location.prefix().length());
  }

  /** Begins an object that comes in parts, and gives the name of this upload. */
  String begin(String key, String contentType) {
    return ask(
        "did not begin the object",
        key,
        PUT,
        () ->
            client
                .createMultipartUpload(
                    request ->
                        request
                            .bucket(location.bucket())
                            .key(location.name(key))
                            .contentType(contentType))
                .uploadId());
  }

  /**
   * @param number from 1 on
   */
  CompletedPart put(String key, String upload, int number, List<byte[]> blocks, long length) {
    String tag =
        ask(
            "did not take a part of the object",
            key,
            PUT,
            () ->
                client
                    .uploadPart(
                        request ->
                            request
                                .bucket(location.bucket())
                                .key(location.name(key))
                                .uploadId(upload)
                                .partNumber(number),
                        body(blocks, length, OCTETS))
                    .eTag());
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  void complete(String key, String upload, List<CompletedPart> parts) {
    ask(
        "did not put together the object",
        key,
        PUT,
        () ->
            client.completeMultipartUpload(
                request ->
                    request
                        .bucket(location.bucket())
                        .key(location.name(key))
                        .uploadId(upload)
                        .multipartUpload(made -> made.parts(parts))));
  }

  void abort(String key, String upload) {
    ask(
        "did not give up the parts of the object",
        key,
        ABORT,
        () ->
            client.abortMultipartUpload(
                request ->
                    request.bucket(location.bucket()).key(location.name(key)).uploadId(upload)));
  }

  @Override
  public void close() {
    client.close();
  }

  String shown(String key) {
    return "'" + ObjectKeys.shown(key) + "' in the bucket '" + location.bucket() + "'";
  }

  private <T> T ask(String attempt, String key, String permission, Supplier<T> request) {
    try {
      return request.get();
    } catch (SdkException e) {
      if (S3Failures.isMissing(e)) {
        throw new StorageException(Reason.NOT_FOUND, "There is no object " + shown(key), e);
      }
      if (S3Failures.isBeyondTheEnd(e)) {
        throw new StorageException(Reason.INVALID, "Nothing of " + shown(key) + " lies there", e);
      }
      throw S3Failures.of(
          location,
          "The bucket '" + location.bucket() + "' " + attempt + " '" + location.name(key) + "'",
          permission,
          e);
    }
  }

  private static RequestBody body(List<byte[]> blocks, long length, String contentType) {
    return RequestBody.fromContentProvider(
        () ->
            new SequenceInputStream(
                Collections.enumeration(blocks.stream().map(ByteArrayInputStream::new).toList())),
        length,
        contentType);
  }

  /**
   * How long to wait.
   *
   * @param read for the next byte
   * @param attempt for one answer, or for one part to be taken
   * @param call for all attempts and the pauses between them
   */
  record Patience(Duration connect, Duration read, Duration attempt, Duration call) {

    /** A part may take as long as it does at 1 Mb/s. */
    static final Patience USUAL =
        new Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(70),
            Duration.ofSeconds(150));
  }
}
