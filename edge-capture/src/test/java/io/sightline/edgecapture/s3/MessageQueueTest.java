package io.sightline.edgecapture.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.sightline.edgecapture.aws.AwsClients;
import io.sightline.edgecapture.aws.AwsProperties;
import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** Queues and buckets, also when they refuse. */
class MessageQueueTest {

  private static final Duration SHORT = Duration.ofSeconds(2);
  private static S3World world;
  private static final AtomicInteger QUEUES = new AtomicInteger();

  @TempDir Path folder;
  private S3Address address;
  private final List<String> skipped = new ArrayList<>();

  @BeforeAll
  static void start() {
    world = new S3World();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void make() {
    address =
        new S3Address(
            "video", "live/", world.queue("m" + QUEUES.incrementAndGet()), S3World.REGION);
  }

  @Test
  void heldMessage_doesNotComeAgain_untilItIsLetGo() throws Exception {
    world.send(address.queue(), "held");
    Duration held = Duration.ofSeconds(6);
    try (MessageQueue other = queue(held)) {
      try (MessageQueue queue = queue(held)) {
        queue.hold(receive(queue));
        long end = System.nanoTime() + held.multipliedBy(2).toNanos();
        while (System.nanoTime() < end) {
          queue.keep();
          assertThat(other.receive()).isEmpty();
        }
      }
      assertThat(receive(other).body()).isEqualTo("held");
    }
  }

  @Test
  void messageOfAKilledAgent_comesAgain_andIsDeletedWhenItsObjectIsKnown() throws Exception {
    world.send(address.queue(), S3World.event("video", "live/a.ts", 8, Instant.EPOCH));
    MessageQueue killed = queue(Duration.ofSeconds(1));
    killed.hold(receive(killed));
    try (ObjectFolder objects = ObjectFolder.open(folder);
        QueuedObjects again = new QueuedObjects(address, queue(SHORT), objects, skipped::add)) {
      TreeSet<FolderFile> hand = new TreeSet<>(Comparator.comparing(FolderFile::name));
      while (world.messages(address.queue()) > 0) {
        again.collect(hand, file -> false);
      }
      assertThat(hand).isEmpty();
    }
    assertThat(skipped).isEmpty();
  }

  @Test
  void whatIsNotUnderstood_isLeft_saidOnce_andDeletedWhenNobodyElseTakesIt() throws Exception {
    world.send(address.queue(), "no announcement");
    try (ObjectFolder objects = ObjectFolder.open(folder);
        QueuedObjects queued =
            new QueuedObjects(address, queue(Duration.ZERO), objects, skipped::add)) {
      TreeSet<FolderFile> hand = new TreeSet<>(Comparator.comparing(FolderFile::name));
      int asked = 0;
      while (world.messages(address.queue()) > 0) {
        queued.collect(hand, file -> true);
        asked++;
      }
      assertThat(hand).isEmpty();
      assertThat(asked).isPositive();
    }
    assertThat(skipped).hasSize(1);
    assertThat(skipped.get(0)).contains("no announcement of S3");
  }

  @Test
  void refusals_nameThePermissions() throws Exception {
    String denied =
        "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"No\"}";
    try (AwsProperties properties = new AwsProperties();
        Refusing sqs = new Refusing(403, "application/x-amz-json-1.0", denied)) {
      properties.set("aws.endpointUrlSqs", sqs.url());
      try (MessageQueue queue = MessageQueue.open(address)) {
        MediaException failure = catchThrowableOfType(MediaException.class, queue::receive);
        assertThat(failure.reason()).isEqualTo(Reason.UNAUTHORIZED);
        assertThat(failure).hasMessageContaining("sqs:ChangeMessageVisibility");
      }
    }
    refuses(403, "AccessDenied", Reason.UNAUTHORIZED, "s3:ListBucket");
    refuses(404, "NoSuchBucket", Reason.NOT_FOUND, "cannot be listed");
    refuses(503, "SlowDown", Reason.UNAVAILABLE, "SlowDown");
    refuses(403, "InvalidAccessKeyId", Reason.UNAUTHORIZED, "InvalidAccessKeyId");
  }

  @Test
  void objectThatIsTooLarge_isRefusedBeforeItIsRead() throws Exception {
    world.bucket("large");
    Path text = Files.writeString(folder.resolve("text"), "x".repeat(1_000));
    world.put("large", "a.ts", text);
    S3Address large = new S3Address("large", "", null, S3World.REGION);
    Path into = folder.resolve("into.ts");
    try (Bucket bucket =
        new Bucket(large, AwsClients.set(S3Client.builder(), S3World.REGION).build(), 999)) {
      MediaException failure =
          catchThrowableOfType(
              MediaException.class, () -> bucket.fetch("a.ts", into, () -> false, () -> {}));
      assertThat(failure.reason()).isEqualTo(Reason.UNSUPPORTED);
      assertThat(failure).hasMessageContaining("1000 bytes");
    }
    assertThat(into).doesNotExist();
    assertThat(folder.resolve("into.ts.part")).doesNotExist();
  }

  private void refuses(int status, String code, Reason reason, String sentence) throws Exception {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
            + code
            + "</Code><Message>No</Message></Error>";
    try (AwsProperties properties = new AwsProperties();
        Refusing s3 = new Refusing(status, "application/xml", xml)) {
      properties.set("aws.endpointUrlS3", s3.url());
      try (Bucket bucket = Bucket.open(address)) {
        MediaException failure =
            catchThrowableOfType(MediaException.class, () -> bucket.list(null, null));
        assertThat(failure.reason()).as(code).isEqualTo(reason);
        assertThat(failure).hasMessageContaining(sentence).hasMessageContaining(code);
      }
    }
  }

  private MessageQueue queue(Duration held) {
    return new MessageQueue(
        address,
        AwsClients.set(SqsClient.builder(), S3World.REGION).build(),
        held,
        held.dividedBy(4));
  }

  private static Message receive(MessageQueue queue) throws Exception {
    while (true) {
      List<Message> messages = queue.receive();
      if (!messages.isEmpty()) {
        return messages.get(0);
      }
    }
  }

  /** A service that answers everything with one error. */
  private static final class Refusing implements AutoCloseable {

    private final HttpServer server;

    Refusing(int status, String type, String body) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
