package io.sightline.analyzer.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.sightline.analyzer.models.PullException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPullTest {

  @TempDir Path temp;
  private final byte[] content = new byte[200_000];
  private HttpServer server;
  private Path folder;
  private int requests;

  @BeforeEach
  void serve() throws IOException {
    new Random(1).nextBytes(content);
    folder = temp.resolve("models");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/model",
        exchange -> {
          requests++;
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    server.createContext(
        "/stuck",
        exchange -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 1000);
          exchange.getResponseBody().flush();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void pull_rightFile_appearsWithProgress() throws Exception {
    List<Long> progress = new ArrayList<>();

    Path file = pull().pull(entry("/model", content.length, sha256()), progress::add);

    assertThat(file).isEqualTo(folder.resolve("a-model.onnx")).hasBinaryContent(content);
    assertThat(progress).isSorted().endsWith((long) content.length);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void pull_againWhenThere_asksNobody() throws Exception {
    pull().pull(entry("/model", content.length, sha256()), n -> {});

    pull().pull(entry("/model", content.length, sha256()), n -> {});

    assertThat(requests).isEqualTo(1);
  }

  @Test
  void pull_damagedFileThere_isReplaced() throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("a-model.onnx"), "damaged");

    assertThat(pull().pull(entry("/model", content.length, sha256()), n -> {}))
        .hasBinaryContent(content);
  }

  @Test
  void pull_otherChecksum_leavesNothing() {
    failsWith(Reason.MISMATCH, entry("/model", content.length, "0".repeat(64)), "SHA-256");
  }

  @Test
  void pull_moreThanAnnounced_stopsEarly() {
    failsWith(Reason.MISMATCH, entry("/model", 1_000, sha256()), "larger than 1000 bytes");
  }

  @Test
  void pull_notFound_saysTheStatus() {
    failsWith(Reason.REFUSED, entry("/nothing", 1_000, sha256()), "404");
  }

  @Test
  void pull_nobodyAnswers_saysWhatToDo() {
    ModelEntry entry = entry("/model", content.length, sha256());
    server.stop(0);

    failsWith(Reason.UNREACHABLE, entry, "does not answer from here");
  }

  @Test
  void pull_thatStalls_endsAtTheLimit() {
    assertThatThrownBy(
            () ->
                new ModelPull(new ModelFolder(folder), Duration.ofMillis(500))
                    .pull(entry("/stuck", content.length, sha256()), n -> {}))
        .isInstanceOfSatisfying(
            PullException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void pull_folderThatIsAFile_saysSo() throws Exception {
    Files.writeString(folder, "in the way");

    assertThatThrownBy(() -> pull().pull(entry("/model", content.length, sha256()), n -> {}))
        .isInstanceOfSatisfying(
            PullException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNWRITABLE));
  }

  @Test
  void catalogue_entries_areWhole() {
    assertThat(ModelCatalogue.names()).contains("yolox-nano").doesNotHaveDuplicates();
    assertThat(ModelCatalogue.entries())
        .allMatch(entry -> entry.url().getScheme().equals("https"))
        .allMatch(entry -> !entry.licence().isBlank());
  }

  private ModelPull pull() {
    return new ModelPull(new ModelFolder(folder), Duration.ofSeconds(30));
  }

  private void failsWith(Reason reason, ModelEntry entry, String part) {
    assertThatThrownBy(() -> pull().pull(entry, n -> {}))
        .hasMessageContaining(part)
        .isInstanceOfSatisfying(PullException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(folder).isEmptyDirectory();
  }

  private ModelEntry entry(String path, long size, String sha256) {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    return new ModelEntry("a-model", "for tests", url, sha256, size, "MIT", "here", "none");
  }

  private String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
