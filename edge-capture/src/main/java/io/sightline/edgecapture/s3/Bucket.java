package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.aws.AwsClients;
import io.sightline.edgecapture.aws.AwsFailures;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Reads a bucket: which objects there are, and one of them into a file. One thread. */
final class Bucket implements AutoCloseable {

  /** An hour at 18 Mb/s. */
  static final long MAX_OBJECT_BYTES = 8_000_000_000L;

  /** What is left to others of the disk. */
  private static final long KEPT_FREE_BYTES = 500_000_000;

  private static final int BUFFER_BYTES = 1 << 16;

  private final S3Address address;
  private final S3Client client;
  private final long maxObjectBytes;

  Bucket(S3Address address, S3Client client, long maxObjectBytes) {
    this.address = address;
    this.client = client;
    this.maxObjectBytes = maxObjectBytes;
  }

  static Bucket open(S3Address address) throws MediaException {
    try {
      S3Client client = AwsClients.set(S3Client.builder(), address.region()).build();
      return new Bucket(address, client, MAX_OBJECT_BYTES);
    } catch (SdkException e) {
      throw AwsFailures.of("The bucket of " + address + " cannot be read", e);
    }
  }

  /**
   * A page of those that are meant, in order of key.
   *
   * @param after only keys behind it; null for all
   * @param token of the page before; null for the first
   */
  ListObjectsV2Response list(String after, String token)
      throws MediaException, InterruptedException {
    try {
      return client.listObjectsV2(
          request ->
              request
                  .bucket(address.bucket())
                  .prefix(address.prefix())
                  .startAfter(after)
                  .continuationToken(token));
    } catch (SdkException e) {
      throw failure("The bucket of " + address + " cannot be listed", "s3:ListBucket", e);
    }
  }

  /**
   * Writes an object into a file, which is there when it is complete. Blocks.
   *
   * @param working called often
   * @throws MediaException NOT_FOUND when the object has been deleted
   */
  void fetch(String key, Path into, BooleanSupplier stop, Runnable working)
      throws MediaException, InterruptedException {
    String name = address.name(key);
    Path part = into.resolveSibling(into.getFileName() + ".part");
    try (ResponseInputStream<GetObjectResponse> in =
        client.getObject(request -> request.bucket(address.bucket()).key(key))) {
      try {
        long size = in.response().contentLength();
        if (size > maxObjectBytes) {
          throw new MediaException(
              Reason.UNSUPPORTED,
              name
                  + " has "
                  + size
                  + " bytes, and objects of up to "
                  + maxObjectBytes
                  + " are taken; let the encoder begin a new one sooner");
        }
        requireRoom(name, size, into);
        copy(name, in, size, part, stop, working);
      } catch (MediaException | InterruptedException | IOException | SdkException e) {
        // Closing would read the rest first.
        in.abort();
        Files.deleteIfExists(part);
        throw e;
      }
      Files.move(part, into, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchKeyException e) {
      throw new MediaException(Reason.NOT_FOUND, name + " has been deleted before it was read", e);
    } catch (NoSuchBucketException e) {
      // Not this object is missing, but all of them.
      throw new MediaException(
          Reason.UNAVAILABLE, "There is no bucket " + address.bucket() + " any longer", e);
    } catch (SdkException e) {
      throw failure(name + " cannot be read", "s3:GetObject", e);
    } catch (IOException e) {
      throw new MediaException(
          Reason.UNAVAILABLE, name + " cannot be read onto the disk: " + e.getMessage(), e);
    }
  }

  private static void requireRoom(String name, long size, Path into)
      throws IOException, MediaException {
    long room = Files.getFileStore(into.getParent()).getUsableSpace() - KEPT_FREE_BYTES;
    if (room < size) {
      throw new MediaException(
          Reason.UNAVAILABLE,
          "There is no room on disk for " + name + ", which has " + size + " bytes");
    }
  }

  private static void copy(
      String name,
      ResponseInputStream<GetObjectResponse> in,
      long size,
      Path part,
      BooleanSupplier stop,
      Runnable working)
      throws IOException, MediaException, InterruptedException {
    long written = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (FileOutputStream out = new FileOutputStream(part.toFile())) {
      for (int read; (read = in.read(buffer)) >= 0; ) {
        written += read;
        if (written > size) {
          break;
        }
        out.write(buffer, 0, read);
        working.run();
        if (stop.getAsBoolean() || Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
    if (written != size) {
      throw new MediaException(
          Reason.UNAVAILABLE,
          name + " broke off: " + size + " bytes were announced, " + written + " came");
    }
  }

  private static MediaException failure(String attempted, String permission, SdkException e)
      throws InterruptedException {
    MediaException failure = AwsFailures.during(attempted, e);
    return failure.reason() != Reason.UNAUTHORIZED
        ? failure
        : new MediaException(
            Reason.UNAUTHORIZED,
            failure.getMessage()
                + "; it needs the permission "
                + permission
                + (permission.equals("s3:GetObject")
                    ? ", and s3:ListBucket to tell a deleted object from a forbidden one"
                    : ""),
            e);
  }

  @Override
  public void close() {
    client.close();
  }
}
