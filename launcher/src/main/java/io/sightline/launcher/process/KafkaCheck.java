package io.sightline.launcher.process;

import io.sightline.launcher.RequestException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;

/**
 * A look whether anything listens where Kafka should be. A Kafka client keeps trying, as it should
 * when brokers come and go; somebody who mistyped an address wants to know at once.
 */
final class KafkaCheck {

  private static final int CONNECT_MILLIS = 5_000;

  private KafkaCheck() {}

  /**
   * @param bootstrap {@code host:port,host:port}
   * @throws RequestException when none of them takes a connection
   */
  static void require(String bootstrap) throws RequestException {
    IOException last = null;
    for (String address : bootstrap.split(",")) {
      int colon = address.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        InetAddress host = InetAddress.getByName(address.substring(0, colon));
        int port = Integer.parseInt(address.substring(colon + 1));
        socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
        return;
      } catch (IOException e) {
        last = e;
      } catch (IllegalArgumentException e) {
        throw new RequestException("'" + address + "' has no port from 1 to 65535", e);
      }
    }
    String reason = last instanceof UnknownHostException ? "unknown host" : last.getMessage();
    throw new RequestException(
        "Kafka does not answer at "
            + bootstrap
            + ": is it running, and is the address right? ("
            + reason
            + ")",
        last);
  }
}
