package io.sightline.edgecapture.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.sightline.edgecapture.aws.AwsProperties;
import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.edgecapture.folder.Inbox;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3InboxTest {

  private static final S3Address ADDRESS = new S3Address("video", "live/", null, S3World.REGION);

  @TempDir Path folder;
  private final AwsProperties properties = new AwsProperties().credentials();
  private HttpServer refusing;

  @BeforeEach
  void serve() throws Exception {
    refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    refusing.createContext(
        "/",
        exchange -> {
          byte[] answer =
              "<Error><Code>AccessDenied</Code><Message>No</Message></Error>".getBytes();
          exchange.sendResponseHeaders(403, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    refusing.start();
    properties.set("aws.endpointUrlS3", "http://127.0.0.1:" + refusing.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    refusing.stop(0);
    properties.close();
  }

  @Test
  void look_whenAllThatIsThereIsForbidden_saysSo() throws Exception {
    ObjectFolder objects = ObjectFolder.open(folder);
    FolderFile file = objects.file("live/a.ts", 8, 1_000);
    try (S3Inbox inbox = new S3Inbox(ADDRESS, Bucket.open(ADDRESS), objects, announcing(file))) {
      Inbox.Look look = inbox.look(each -> true);
      assertThat(look.complete()).containsExactly(file);
      MediaException forbidden =
          catchThrowableOfType(MediaException.class, () -> inbox.fetch(file, () -> false));
      assertThat(forbidden.reason()).isEqualTo(Reason.UNAUTHORIZED);
      assertThat(forbidden)
          .hasMessageContaining("s3://video/live/a.ts")
          .hasMessageContaining("s3:GetObject");
      assertThat(catchThrowableOfType(MediaException.class, () -> inbox.look(each -> false)))
          .isSameAs(forbidden);
    }
  }

  @Test
  void whatWasAnnounced_outlivesAKill_andWhatNobodyKnowsIsDeleted() throws Exception {
    ObjectFolder before = ObjectFolder.open(folder);
    FolderFile second = before.file("live/2.ts", 8, 1_000);
    FolderFile tenth = before.file("live/10.ts", 8, 1_000);
    FolderFile elsewhere = before.file("other/1.ts", 8, 1_000);
    List.of(tenth, second, elsewhere).forEach(before::note);
    Files.writeString(second.path(), "fetched");
    Path part = Files.writeString(folder.resolve("a.ts.part"), "half");
    Path broken = Files.writeString(folder.resolve("b.json"), "{\"key\":");
    Path nobody = Files.writeString(folder.resolve("c.ts"), "of nobody");

    try (S3Inbox inbox =
        new S3Inbox(ADDRESS, Bucket.open(ADDRESS), ObjectFolder.open(folder), announcing())) {
      assertThat(inbox.look(each -> true).files()).containsExactly(second, tenth);
      assertThat(List.of(part, broken, nobody)).allMatch(Files::notExists);
      inbox.fetch(second, () -> false);
      inbox.taken(second);
      assertThat(second.path()).doesNotExist();
    }
    try (ObjectFolder after = ObjectFolder.open(folder)) {
      assertThat(after.noted()).containsExactly(tenth);
    }
  }

  private static Announcements announcing(FolderFile... files) {
    return new Announcements() {
      @Override
      public void collect(NavigableSet<FolderFile> hand, Predicate<FolderFile> wanted) {
        hand.addAll(List.of(files));
      }

      @Override
      public void working() {}

      @Override
      public void taken(FolderFile file) {}

      @Override
      public void close() {}
    };
  }
}
