package io.sightline.clipper.mediaconvert;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.mediaconvert.model.BadRequestException;
import software.amazon.awssdk.services.mediaconvert.model.NotFoundException;
import software.amazon.awssdk.services.mediaconvert.model.ServiceQuotaExceededException;

/**
 * What an answer of MediaConvert means. Throttling, the service's own failures and the network
 * pass; access, a wrong request and a quota do not, and end the work with a sentence.
 */
final class ServiceFailures {

  /** Common Errors of the API references. */
  private static final Set<String> ACCESS =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "ExpiredToken",
          "ExpiredTokenException",
          "ForbiddenException",
          "IncompleteSignature",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "MissingAuthenticationToken",
          "NotAuthorized",
          "OptInRequired",
          "SignatureDoesNotMatch",
          "UnrecognizedClientException");

  private static final int HTTP_UNAUTHORIZED = 401;
  private static final int HTTP_FORBIDDEN = 403;
  private static final int HTTP_SERVER = 500;
  private static final int MAX_MESSAGE = 300;

  private ServiceFailures() {}

  /**
   * What ends the work; empty when the failure may pass.
   *
   * @param action such as {@code mediaconvert:CreateJob}
   */
  static Optional<MediaException> lasting(String action, SdkException failure) {
    if (!(failure instanceof AwsServiceException service)) {
      String message = String.valueOf(failure.getMessage());
      return message.startsWith("Unable to load credentials")
          ? Optional.of(
              of(
                  Reason.UNAUTHORIZED,
                  "MediaConvert cannot be asked: there are no AWS credentials in this process's"
                      + " environment, profile or role",
                  failure))
          : Optional.empty();
    }
    if (service.isThrottlingException() || service.statusCode() >= HTTP_SERVER) {
      return Optional.empty();
    }
    String said = said(service);
    if (failure instanceof ServiceQuotaExceededException) {
      return Optional.of(
          of(
              Reason.UNAVAILABLE,
              "A quota of MediaConvert is used up ("
                  + said
                  + "); see Service Quotas in the account",
              failure));
    }
    if (refused(service)) {
      return Optional.of(
          of(
              Reason.UNAUTHORIZED,
              "MediaConvert refuses "
                  + action
                  + ": "
                  + said
                  + "; docs/mediaconvert.md has the policy",
              failure));
    }
    if (failure instanceof NotFoundException) {
      return Optional.of(
          of(
              Reason.NOT_FOUND,
              "MediaConvert does not find the job, queue or role: " + said,
              failure));
    }
    if (failure instanceof BadRequestException) {
      return Optional.of(
          of(Reason.UNSUPPORTED, "MediaConvert does not take the job: " + said, failure));
    }
    return Optional.of(
        of(Reason.UNAVAILABLE, "MediaConvert refuses " + action + ": " + said, failure));
  }

  /** In one line, without the id of the request, which differs each time. */
  static String said(SdkException failure) {
    AwsErrorDetails details =
        failure instanceof AwsServiceException service ? service.awsErrorDetails() : null;
    String said =
        details == null
            ? String.valueOf(failure.getMessage())
            : details.errorMessage() + " (" + details.errorCode() + ")";
    return line(said);
  }

  /** What comes from elsewhere, as a part of a sentence. */
  static String line(String text) {
    String line = String.valueOf(text).replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
  }

  private static boolean refused(AwsServiceException service) {
    String code = service.awsErrorDetails() == null ? "" : service.awsErrorDetails().errorCode();
    return code != null && ACCESS.contains(code)
        || service.statusCode() == HTTP_UNAUTHORIZED
        || service.statusCode() == HTTP_FORBIDDEN;
  }

  private static MediaException of(Reason reason, String sentence, SdkException cause) {
    return new MediaException(reason, sentence, cause);
  }
}
