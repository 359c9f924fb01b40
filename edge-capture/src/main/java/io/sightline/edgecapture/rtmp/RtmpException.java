package io.sightline.edgecapture.rtmp;

/** Bytes that break the protocol or a limit; the message is a sentence. The connection ends. */
final class RtmpException extends Exception {

  private static final long serialVersionUID = 1;

  RtmpException(String message) {
    super(message, null, false, false);
  }
}
