package io.sightline.edgecapture;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.Random;

/**
 * A network between two programs that loses datagrams, in both directions. Carries UDP to a port of
 * loopback; answers go to whoever sent last.
 */
final class LossyLink implements AutoCloseable {

  private static final int LARGEST = 65_536;

  private final Random random = new Random(5);
  private final DatagramSocket near;
  private final DatagramSocket far;
  private final int target;
  private volatile SocketAddress sender;
  private volatile double lost;
  private volatile long dropped;

  LossyLink(int target) throws IOException {
    this.target = target;
    this.near = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    this.far = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    carry(near, true);
    carry(far, false);
  }

  int port() {
    return near.getLocalPort();
  }

  void lose(double share) {
    lost = share;
  }

  /** How many datagrams it has lost. */
  long dropped() {
    return dropped;
  }

  @Override
  public void close() {
    near.close();
    far.close();
  }

  private void carry(DatagramSocket from, boolean there) {
    Thread thread =
        new Thread(
            () -> {
              DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
              while (!from.isClosed()) {
                try {
                  packet.setLength(LARGEST);
                  from.receive(packet);
                  pass(packet, there);
                } catch (IOException e) {
                  // Closed, or the other end is not there yet.
                }
              }
            },
            "lossy-link");
    thread.setDaemon(true);
    thread.start();
  }

  private void pass(DatagramPacket packet, boolean there) throws IOException {
    if (there) {
      sender = packet.getSocketAddress();
    }
    synchronized (random) {
      if (random.nextDouble() < lost) {
        dropped++;
        return;
      }
    }
    SocketAddress back = sender;
    if (there) {
      far.send(
          new DatagramPacket(
              packet.getData(), packet.getLength(), InetAddress.getLoopbackAddress(), target));
    } else if (back != null) {
      near.send(new DatagramPacket(packet.getData(), packet.getLength(), back));
    }
  }
}
