package io.sightline.storage.s3;

import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What went wrong with a bucket, in a sentence. Whether access is denied or the bucket is gone,
 * somebody may put it right: nothing but a missing object is final.
 */
final class S3Failures {

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** S3 API Reference, "Error responses": those that more rights would not help. */
  private static final Set<String> WRONG_CREDENTIALS =
      Set.of(
          "ExpiredToken",
          "InvalidAccessKeyId",
          "InvalidToken",
          "RequestTimeTooSkewed",
          "SignatureDoesNotMatch");

  private S3Failures() {}

  /**
   * @param attempted what was tried, as the beginning of a sentence
   * @param permission what it needs
   */
  static StorageException of(
      S3Location location, String attempted, String permission, SdkException failure) {
    return new StorageException(
        Reason.UNAVAILABLE,
        attempted + ": " + said(failure) + advice(location, permission, failure),
        failure);
  }

  /**
   * Whether an object is missing, and not its bucket or an upload. An answer to HEAD has no code.
   */
  static boolean isMissing(SdkException failure) {
    String code = code(failure);
    return status(failure) == NOT_FOUND
        && !"NoSuchBucket".equals(code)
        && !"NoSuchUpload".equals(code);
  }

  static boolean isBeyondTheEnd(SdkException failure) {
    return status(failure) == RANGE_NOT_SATISFIABLE;
  }

  private static String advice(S3Location location, String permission, SdkException failure) {
    String code = code(failure);
    if ("NoSuchBucket".equals(code)) {
      return "; make the bucket '" + location.bucket() + "', or name another in storage.objects";
    }
    return status(failure) == FORBIDDEN && !WRONG_CREDENTIALS.contains(String.valueOf(code))
        ? "; it needs the permission " + permission + " on " + resource(location, permission)
        : "";
  }

  /** S3 User Guide, "Policy resources for Amazon S3". */
  private static String resource(S3Location location, String permission) {
    String bucket = "arn:aws:s3:::" + location.bucket();
    return permission.equals(Bucket.LIST) ? bucket : bucket + "/" + location.prefix() + "*";
  }

  private static String said(SdkException failure) {
    if (String.valueOf(failure.getMessage()).startsWith("Unable to load credentials")) {
      return "there are no credentials of AWS; give this process AWS_ACCESS_KEY_ID and"
          + " AWS_SECRET_ACCESS_KEY, a profile (AWS_PROFILE), or a role of its machine or container";
    }
    if (String.valueOf(failure.getMessage()).startsWith("Unable to load region")) {
      return "the region is not known; name it in storage.s3.region or by AWS_REGION";
    }
    if (!(failure instanceof AwsServiceException service)) {
      return failure.getMessage();
    }
    String code = code(failure);
    String message =
        service.awsErrorDetails() == null ? null : service.awsErrorDetails().errorMessage();
    String known = code == null ? "" : code + ", ";
    return (message == null || message.isBlank()
            ? "it was refused"
            : message.replaceFirst("\\.$", ""))
        + " ("
        + known
        + "HTTP "
        + service.statusCode()
        + ")";
  }

  private static String code(SdkException failure) {
    return failure instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? service.awsErrorDetails().errorCode()
        : null;
  }

  private static int status(SdkException failure) {
    return failure instanceof AwsServiceException service ? service.statusCode() : 0;
  }
}
