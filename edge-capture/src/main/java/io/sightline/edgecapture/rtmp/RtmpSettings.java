package io.sightline.edgecapture.rtmp;

import java.nio.file.Path;

/**
 * Where encoders push to.
 *
 * @param host address to listen on; anything but loopback opens it to the network
 * @param port 0 for any free one
 * @param certificate PEM file; with it the target speaks RTMPS alone; null for plain RTMP
 * @param key PEM file of the certificate's private key; null without a certificate
 */
public record RtmpSettings(String host, Integer port, Path certificate, Path key) {

  public static final int DEFAULT_PORT = 1935;

  /** On loopback, at the port that encoders expect. */
  public static final RtmpSettings DEFAULTS =
      new RtmpSettings("127.0.0.1", DEFAULT_PORT, null, null);

  public RtmpSettings {
    host = host == null ? "127.0.0.1" : host;
    port = port == null ? DEFAULT_PORT : port;
    if (host.isBlank()) {
      throw new IllegalArgumentException("rtmp.host must be an address to listen on");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("rtmp.port must be 0 to 65535, not " + port);
    }
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "rtmp.certificate and rtmp.key belong together: give both, or neither");
    }
  }

  public boolean encrypted() {
    return certificate != null;
  }

  /** What encoders are told: the server of a stream, without its key. */
  public String url(String stream, int listening) {
    boolean any = host.equals("0.0.0.0") || host.equals("::");
    boolean usual = listening == DEFAULT_PORT && !encrypted();
    return (encrypted() ? "rtmps://" : "rtmp://")
        + (any ? "127.0.0.1" : host)
        + (usual ? "" : ":" + listening)
        + "/"
        + stream;
  }
}
