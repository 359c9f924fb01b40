package io.sightline.edgecapture.aws;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What went wrong with AWS, as one sentence and a reason that says whether to try again. */
public final class AwsFailures {

  /** Common Errors of the API references, and those of older services. */
  private static final Set<String> UNAUTHORIZED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "AuthFailure",
          "ExpiredToken",
          "ExpiredTokenException",
          "ForbiddenException",
          "IncompleteSignature",
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "MissingAuthenticationToken",
          "NotAuthorizedException",
          "OptInRequired",
          "SignatureDoesNotMatch",
          "UnrecognizedClientException");

  private static final Set<String> NOT_FOUND =
      Set.of(
          "AWS.SimpleQueueService.NonExistentQueue",
          "NoSuchBucket",
          "NoSuchKey",
          "NotFoundException",
          "QueueDoesNotExist",
          "ResourceNotFoundException");

  private static final String CREDENTIALS = "credentials";
  private static final String REGION = "region";

  private static final int HTTP_UNAUTHORIZED = 401;
  private static final int HTTP_FORBIDDEN = 403;
  private static final int HTTP_NOT_FOUND = 404;

  private AwsFailures() {}

  /**
   * @param attempted what was tried, as the beginning of a sentence: "Kinesis Video Streams did not
   *     open the stream 'lobby'"
   */
  public static MediaException of(String attempted, SdkException failure) {
    return new MediaException(reason(failure), attempted + ": " + said(failure), failure);
  }

  /**
   * As {@link #of}, of a call that the thread's end breaks off.
   *
   * @throws InterruptedException when it was not the call's fault
   */
  public static MediaException during(String attempted, SdkException failure)
      throws InterruptedException {
    if (failure instanceof AbortedException || Thread.interrupted()) {
      throw new InterruptedException();
    }
    return of(attempted, failure);
  }

  /** Whether something is missing for any call; the SDK tells it at length. */
  private static boolean lacks(SdkException failure, String what) {
    return String.valueOf(failure.getMessage()).startsWith("Unable to load " + what);
  }

  static Reason reason(SdkException failure) {
    if (lacks(failure, CREDENTIALS)) {
      return Reason.UNAUTHORIZED;
    }
    if (lacks(failure, REGION)) {
      return Reason.UNSUPPORTED;
    }
    if (failure instanceof ApiCallTimeoutException
        || failure instanceof ApiCallAttemptTimeoutException) {
      return Reason.TIMEOUT;
    }
    if (failure instanceof AwsServiceException service) {
      String code = service.awsErrorDetails() == null ? "" : service.awsErrorDetails().errorCode();
      int status = service.statusCode();
      if (code != null && NOT_FOUND.contains(code) || status == HTTP_NOT_FOUND) {
        return Reason.NOT_FOUND;
      }
      boolean refused = status == HTTP_UNAUTHORIZED || status == HTTP_FORBIDDEN;
      if (code != null && UNAUTHORIZED.contains(code)
          || refused && !service.isThrottlingException()) {
        return Reason.UNAUTHORIZED;
      }
    }
    return Reason.UNAVAILABLE;
  }

  private static String said(SdkException failure) {
    if (failure instanceof AwsServiceException service && service.awsErrorDetails() != null) {
      String message = service.awsErrorDetails().errorMessage();
      String code = service.awsErrorDetails().errorCode();
      return message == null || message.isBlank() ? code : message + " (" + code + ")";
    }
    if (lacks(failure, CREDENTIALS)) {
      return "there are no credentials of AWS; give this process AWS_ACCESS_KEY_ID and"
          + " AWS_SECRET_ACCESS_KEY, a profile (AWS_PROFILE), or a role of its machine or container";
    }
    return lacks(failure, REGION)
        ? "the region is not known; name it in the URL (?region=eu-west-1) or by AWS_REGION"
        : failure.getMessage();
  }
}
