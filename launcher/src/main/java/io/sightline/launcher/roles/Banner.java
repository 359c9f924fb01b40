package io.sightline.launcher.roles;

import io.sightline.edgecapture.rtmp.RtmpSettings;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.installation.Installation;
import io.sightline.records.BackupSpec;
import io.sightline.records.InputSpec;
import java.io.PrintWriter;
import java.util.Set;

/** What a started server tells the person in front of it. */
final class Banner {

  private Banner() {}

  static void print(
      PrintWriter out,
      Set<Role> roles,
      Configuration configuration,
      Installation installation,
      RunningRoles running,
      String kafka,
      StatusDoor status) {
    if (roles.contains(Role.GATEWAY)) {
      String address = "http://" + host(configuration) + ":" + running.gatewayPort();
      out.println("Sightline is up: " + address);
      // A fragment stays in the browser: it is in no request and no log.
      out.println("Dashboard: " + address + "/#token=" + installation.secrets().adminToken());
      if (configuration.streams().isEmpty()) {
        out.println(
            "There are no streams yet. Declare some in sightline.yaml (see"
                + " sightline.example.yaml) or add them over the API.");
      }
      encoders(out, configuration);
    } else {
      out.println("Sightline runs: " + roles.iterator().next().id());
      if (roles.contains(Role.CAPTURE) && configuration.capture().declaresStreams()) {
        encoders(out, configuration);
      }
    }
    if (status != null) {
      out.println(
          "Status: http://"
              + configuration.status().host()
              + ":"
              + status.port()
              + "/health/ready and /metrics");
    }
    if (roles.contains(Role.BROKER)) {
      out.println("Kafka: " + kafka);
    }
    out.println("Ctrl-C ends it.");
    out.flush();
  }

  /** What to type into OBS; the key stays where it is declared. */
  private static void encoders(PrintWriter out, Configuration configuration) {
    configuration
        .streams()
        .forEach(
            (name, stream) -> {
              if (stream.inputs().stream().anyMatch(Banner::published)) {
                RtmpSettings rtmp = configuration.capture().rtmp();
                out.println(
                    "OBS, for "
                        + name
                        + ": Settings > Stream > Service 'Custom...', Server "
                        + rtmp.url(name, rtmp.port())
                        + ", Stream Key: the 'key' of its input");
              }
            });
  }

  private static boolean published(InputSpec input) {
    return input.published() || input.backup().stream().anyMatch(BackupSpec::published);
  }

  private static String host(Configuration configuration) {
    String host = configuration.http().host();
    return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
  }
}
