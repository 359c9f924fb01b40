package io.sightline.launcher.failed;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.FailedPage;
import io.sightline.bus.FailedRecord;
import io.sightline.bus.FailedRecords;
import io.sightline.bus.Topic;
import io.sightline.bus.broker.BrokerProcess;
import io.sightline.launcher.ExitCode;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.ConfigurationFile;
import io.sightline.launcher.config.KafkaSection;
import io.sightline.launcher.config.Nearest;
import io.sightline.launcher.installation.Folders;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;

/** {@code sightline failed list|show|retry}. */
@CommandLine.Command(
    name = "failed",
    description = "Lists, shows and retries records that no stage could work on.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "list|show ID|retry ID")
public final class FailedCommand implements Callable<Integer> {

  private static final Path DEFAULT_FILE = Path.of("sightline.yaml");
  private static final int PAGE = 200;
  private static final int SHOWN_BYTES = 4_000;
  private static final long TIMEOUT_SECONDS = 60;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return ExitCode.DONE;
  }

  /** {@code sightline failed list}. */
  @CommandLine.Command(description = "Lists them, oldest first within a topic.")
  int list(
      @CommandLine.Option(
              names = "--topic",
              paramLabel = "TOPIC",
              description = "Only records of this topic.")
          String topic,
      @CommandLine.Mixin Where where)
      throws Exception {
    Set<Topic> topics = topic == null ? EnumSet.allOf(Topic.class) : EnumSet.of(topicOf(topic));
    return with(
        where,
        failed -> {
          PrintWriter out = spec.commandLine().getOut();
          int count = 0;
          String after = null;
          do {
            FailedPage page = await(failed.list(topics, after, PAGE));
            for (FailedRecord record : page.items()) {
              out.printf(
                  "%s  %s  %s after %d attempts: %s%n",
                  record.id(),
                  record.failedAt(),
                  record.stage(),
                  record.attempts(),
                  record.reason());
              count++;
            }
            after = page.next();
          } while (after != null);
          out.println(count == 0 ? "There are none." : count + " failed records.");
          out.flush();
        });
  }

  /** {@code sightline failed show ID}. */
  @CommandLine.Command(description = "Shows one, with the beginning of its value.")
  int show(
      @CommandLine.Parameters(paramLabel = "ID", description = "As in 'failed list'.") String id,
      @CommandLine.Mixin Where where)
      throws Exception {
    return with(
        where,
        failed -> {
          FailedRecord record =
              await(failed.show(id))
                  .orElseThrow(
                      () -> new RequestException("There is no failed record '" + id + "'"));
          PrintWriter out = spec.commandLine().getOut();
          out.printf("id        %s%n", record.id());
          out.printf("key       %s%n", record.record().key());
          out.printf("stage     %s%n", record.stage());
          out.printf("failed    %s, after %d attempts%n", record.failedAt(), record.attempts());
          out.printf("reason    %s%n", record.reason());
          out.printf("size      %d bytes%n", record.sizeBytes());
          out.printf("value     %s%n", shown(record.record().value()));
          out.flush();
        });
  }

  /** {@code sightline failed retry ID}. */
  @CommandLine.Command(description = "Gives one back to its stage.")
  int retry(
      @CommandLine.Parameters(paramLabel = "ID", description = "As in 'failed list'.") String id,
      @CommandLine.Mixin Where where)
      throws Exception {
    return with(
        where,
        failed -> {
          await(failed.show(id))
              .orElseThrow(() -> new RequestException("There is no failed record '" + id + "'"));
          await(failed.retry(id));
          spec.commandLine().getOut().println("The record " + id + " was given back to its stage.");
          spec.commandLine().getOut().flush();
        });
  }

  /** What is done with the failed records while the connection is open. */
  private interface Work {
    void on(FailedRecords failed) throws Exception;
  }

  private static int with(Where where, Work work) throws Exception {
    BusConfig bus = where.bus();
    Vertx vertx = Vertx.vertx();
    try {
      BusWriter writer = await(BusWriter.open(vertx, bus));
      try {
        work.on(FailedRecords.of(vertx, bus, writer));
      } finally {
        await(writer.close());
      }
    } finally {
      await(vertx.close());
    }
    return ExitCode.DONE;
  }

  private static Topic topicOf(String name) throws RequestException {
    List<String> known = Arrays.stream(Topic.values()).map(Topic::id).toList();
    return Arrays.stream(Topic.values())
        .filter(topic -> topic.id().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new RequestException(
                    "There is no topic '"
                        + name
                        + "'"
                        + Nearest.to(name, known)
                            .map(nearest -> "; did you mean '" + nearest + "'?")
                            .orElse("; there are " + String.join(", ", known))));
  }

  private static String shown(byte[] value) {
    if (value == null || value.length == 0) {
      return "(empty)";
    }
    boolean text = value[0] == '{' || value[0] == '[';
    if (!text) {
      return "(binary)";
    }
    int length = Math.min(value.length, SHOWN_BYTES);
    return new String(value, 0, length, StandardCharsets.UTF_8)
        + (length < value.length ? "…" : "");
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** Which installation. */
  static final class Where {
    @CommandLine.Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The configuration file. Default: sightline.yaml here, if there is one.")
    private Path config;

    @CommandLine.Option(
        names = "--data",
        paramLabel = "FOLDER",
        description = "The data folder; in place of the file's 'data'.")
    private Path data;

    BusConfig bus() throws Exception {
      Path file = config != null ? config : Files.exists(DEFAULT_FILE) ? DEFAULT_FILE : null;
      Configuration configuration =
          file == null
              ? Configuration.defaults()
              : new ConfigurationFile(file, System::getenv).read();
      if (data != null) {
        configuration = configuration.withData(data);
      }
      KafkaSection kafka = configuration.kafka();
      String bootstrap =
          kafka.embedded()
              ? BrokerProcess.bootstrapOf(new Folders(configuration.data()).broker())
              : kafka.bootstrap();
      return kafka.bus(bootstrap);
    }
  }
}
