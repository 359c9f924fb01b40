package io.sightline.bus.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.bus.BusException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerProcessTest {

  @Test
  void aBroker_whoseParentIsKilled_ends_andItsFolderCanBeUsedAtOnce(@TempDir Path data)
      throws Exception {
    Process parent =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Parent.class.getName(),
                    data.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8));
    String[] told = lines.readLine().split(" ");
    ProcessHandle broker = ProcessHandle.of(Long.parseLong(told[0])).orElseThrow();
    parent.destroyForcibly().waitFor();
    try (BrokerProcess next = BrokerProcess.start(data, 0)) {
      broker.onExit().get(60, TimeUnit.SECONDS);
      assertThat(broker.isAlive()).isFalse();
      assertThat(next.port()).isEqualTo(Integer.parseInt(told[1]));
    }
  }

  @Test
  void terminalSignals_doNotReachTheBroker_andClosingEndsItCleanly(@TempDir Path data)
      throws Exception {
    BrokerProcess broker = BrokerProcess.start(data, 0);
    for (String signal : List.of("-INT", "-TERM", "-HUP")) {
      new ProcessBuilder("kill", signal, Long.toString(broker.pid())).start().waitFor();
    }
    assertThat(broker.ended()).isNotDone();
    broker.close();
    broker.close();
    assertThat(broker.ended().get(30, TimeUnit.SECONDS)).isZero();
    assertThat(Files.readString(data.resolve("broker.log"))).contains("Broker stopped");
  }

  @Test
  void aPortInUse_isSaidInOneSentence(@TempDir Path data) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> BrokerProcess.start(data, taken.getLocalPort()).close())
          .isInstanceOf(BusException.class)
          .hasMessage(
              "The embedded broker did not start: port "
                  + taken.getLocalPort()
                  + " is in use by another program");
    }
  }

  @Test
  void aClassPathWithoutKafka_isSaidWithWhereToLook(@TempDir Path data) {
    assertThatThrownBy(() -> BrokerProcess.start(data, 0, data.toString()))
        .isInstanceOf(BusException.class)
        .hasMessageContaining("broker.err");
  }

  /** Starts a broker, says its process id and port, and waits to be killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      BrokerProcess broker = BrokerProcess.start(Path.of(arguments[0]), 0);
      System.out.println(broker.pid() + " " + broker.port());
      broker.ended().get();
    }
  }
}
