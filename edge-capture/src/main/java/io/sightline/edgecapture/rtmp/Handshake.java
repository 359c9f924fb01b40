package io.sightline.edgecapture.rtmp;

import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;

/**
 * The server's side of the handshake (RTMP 1.0, section 5.2), in its plain form: digests prove
 * nothing that a stream key does not, and no encoder insists on them.
 */
final class Handshake {

  static final int HELLO_BYTES = 1 + 1_536;
  static final int ANSWER_BYTES = 1_536;

  private static final int VERSION = 3;
  private static final int TIMES_BYTES = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Handshake() {}

  /**
   * What is said to the other end's first {@link #HELLO_BYTES}.
   *
   * @throws RtmpException when it speaks something else
   */
  static Buffer answer(Buffer hello) throws RtmpException {
    int version = hello.getUnsignedByte(0);
    if (version != VERSION) {
      throw new RtmpException(
          version == 0x16
              ? "It speaks TLS (rtmps://) where RTMP is expected"
              : "It speaks version " + version + " of RTMP, or something else; 3 is taken");
    }
    byte[] own = new byte[ANSWER_BYTES - TIMES_BYTES];
    RANDOM.nextBytes(own);
    return Buffer.buffer(HELLO_BYTES + ANSWER_BYTES)
        .appendByte((byte) VERSION)
        .appendLong(0)
        .appendBytes(own)
        .appendBuffer(hello, 1, ANSWER_BYTES);
  }
}
