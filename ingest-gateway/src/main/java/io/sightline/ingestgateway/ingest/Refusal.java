package io.sightline.ingestgateway.ingest;

/** Why an epoch connection is closed, with its WebSocket close code. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final int MALFORMED = 4400;
  static final int UNKNOWN = 4404;
  static final int FENCED = 4409;
  static final int TOO_LARGE = 4413;
  static final int TROUBLE = 1011;
  static final int STOPPING = 1012;

  /** Close reasons are at most 123 bytes (RFC 6455, section 5.5). */
  private static final int MAX_REASON = 120;

  private final int code;

  private Refusal(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  static Refusal malformed(String message) {
    return new Refusal(MALFORMED, message);
  }

  static Refusal tooLarge(String message) {
    return new Refusal(TOO_LARGE, message);
  }

  static Refusal unknown(String message) {
    return new Refusal(UNKNOWN, message);
  }

  static Refusal fenced() {
    return new Refusal(FENCED, "A newer connection has this stream.");
  }

  static Refusal stopping() {
    return new Refusal(STOPPING, "The gateway stops; connect again.");
  }

  static Refusal trouble(Throwable cause) {
    return new Refusal(
        TROUBLE, "Storage or Kafka is in trouble; try again. " + cause.getClass().getSimpleName());
  }

  static Refusal of(Throwable failure) {
    return failure instanceof Refusal refusal ? refusal : trouble(failure);
  }

  /** Whether nothing more may be written: what is under way may not be completed. */
  boolean atOnce() {
    return code == FENCED || code == TROUBLE;
  }

  int code() {
    return code;
  }

  String reason() {
    String ascii = getMessage().replaceAll("[^\\x20-\\x7e]", "?");
    return ascii.length() <= MAX_REASON ? ascii : ascii.substring(0, MAX_REASON);
  }
}
