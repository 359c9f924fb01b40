package io.sightline.storage.s3;

import io.sightline.storage.ByteSource;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * A range of an object, over one connection for as long as that lasts. One that breaks off, or that
 * the server gives up because its reader paused for long, is followed by another from there on, of
 * the very same object: it is told by its entity tag.
 */
final class S3Source implements ByteSource {

  /** In one block, one after the other. */
  private static final int MAX_BREAKS = 3;

  /** RFC 9110, section 14.4. */
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/.*");

  private final Bucket bucket;
  private final String key;
  private final String tag;
  private final long end;

  private long position;

  // Guarded by this.
  private ResponseInputStream<GetObjectResponse> in;
  private boolean closed;

  private S3Source(
      Bucket bucket,
      String key,
      long position,
      long end,
      ResponseInputStream<GetObjectResponse> in) {
    this.bucket = bucket;
    this.key = key;
    this.position = position;
    this.end = end;
    this.in = in;
    this.tag = in == null ? null : in.response().eTag();
  }

  /**
   * @param length -1 for all that follow
   * @throws StorageException NOT_FOUND; INVALID when no such range can be
   */
  static S3Source open(Bucket bucket, String key, long offset, long length) {
    if (offset < 0 || length < -1) {
      throw noRange(bucket, key, offset, length);
    }
    if (length == 0) {
      return empty(bucket, key, offset, length);
    }
    boolean whole = offset == 0 && length < 0;
    ResponseInputStream<GetObjectResponse> in;
    try {
      in = bucket.read(key, whole ? null : range(offset, length), null);
    } catch (StorageException e) {
      if (e.reason() == Reason.INVALID) {
        return empty(bucket, key, offset, length);
      }
      throw e;
    }
    try {
      return new S3Source(bucket, key, offset, end(in.response(), offset, length, whole), in);
    } catch (IOException e) {
      closeQuietly(in);
      throw new StorageException(
          Reason.UNAVAILABLE, "The answer about " + bucket.shown(key) + " " + e.getMessage(), e);
    }
  }

  /** What lies at the end of an object. */
  private static S3Source empty(Bucket bucket, String key, long offset, long length) {
    if (offset > bucket.head(key).contentLength()) {
      throw noRange(bucket, key, offset, length);
    }
    return new S3Source(bucket, key, offset, offset, null);
  }

  private static String range(long offset, long length) {
    long last = offset + length - 1;
    return "bytes=" + offset + "-" + (length < 0 || last < offset ? "" : last);
  }

  /** Where what comes will end; never believed to be more than was asked for. */
  private static long end(GetObjectResponse response, long offset, long length, boolean whole)
      throws IOException {
    Long comes = response.contentLength();
    if (comes == null || comes < 0) {
      throw new IOException("does not say how long it is");
    }
    if (!whole) {
      Matcher range = CONTENT_RANGE.matcher(String.valueOf(response.contentRange()));
      if (!range.matches()
          || Long.parseLong(range.group(1)) != offset
          || Long.parseLong(range.group(2)) != offset + comes - 1
          || length > 0 && comes > length) {
        throw new IOException("holds another range than was asked for");
      }
    }
    return offset + comes;
  }

  /** How many bytes are still to come. */
  long length() {
    return end - position;
  }

  @Override
  public byte[] next(int sizeBytes) throws IOException {
    byte[] bytes = new byte[sizeBytes];
    int breaks = 0;
    for (int filled = 0; filled < sizeBytes; ) {
      try {
        int read = stream().read(bytes, filled, sizeBytes - filled);
        if (read < 0) {
          throw new EOFException("It broke off");
        }
        filled += read;
        position += read;
      } catch (IOException | SdkException e) {
        breaks++;
        if (breaks > MAX_BREAKS || tag == null) {
          throw failure(e);
        }
        try {
          goOn();
        } catch (IOException wrong) {
          throw failure(wrong);
        }
      }
    }
    if (position == end && sizeBytes > 0) {
      check();
    }
    return bytes;
  }

  /** At the end of a whole object the SDK compares the bytes with their checksum. */
  private void check() throws IOException {
    ResponseInputStream<GetObjectResponse> in = stream();
    try {
      in.read();
    } catch (SdkException e) {
      throw failure(e);
    } catch (IOException e) {
      // All that was to come is here.
    }
  }

  private synchronized ResponseInputStream<GetObjectResponse> stream() throws IOException {
    if (closed) {
      throw failure(new IOException("it is closed"));
    }
    return in;
  }

  private void goOn() throws IOException {
    closeQuietly(stream());
    ResponseInputStream<GetObjectResponse> next =
        bucket.read(key, range(position, end - position), tag);
    synchronized (this) {
      if (!closed) {
        in = next;
        if (end(next.response(), position, end - position, false) != end) {
          throw new IOException("holds less than was asked for");
        }
        return;
      }
    }
    closeQuietly(next);
  }

  private StorageException failure(Exception e) {
    return new StorageException(
        Reason.UNAVAILABLE,
        bucket.shown(key) + " could not be read on from byte " + position + ": " + e.getMessage(),
        e);
  }

  private static StorageException noRange(Bucket bucket, String key, long offset, long length) {
    return new StorageException(
        Reason.INVALID,
        "Of " + bucket.shown(key) + " no range of " + length + " bytes begins at " + offset);
  }

  @Override
  public void close() {
    ResponseInputStream<GetObjectResponse> last;
    synchronized (this) {
      closed = true;
      last = in;
    }
    closeQuietly(last);
  }

  private static void closeQuietly(ResponseInputStream<GetObjectResponse> in) {
    if (in == null) {
      return;
    }
    // Else the rest would be read first.
    in.abort();
    try {
      in.close();
    } catch (IOException e) {
      // Nobody wants more of it.
    }
  }
}
