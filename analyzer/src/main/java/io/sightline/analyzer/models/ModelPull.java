package io.sightline.analyzer.models;

import io.sightline.analyzer.models.PullException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.LongConsumer;

/**
 * Fetches a model into the folder. The file appears there whole and with the right checksum, or not
 * at all.
 */
public final class ModelPull {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
  private static final int BLOCK_BYTES = 64 * 1024;

  private final ModelFolder folder;
  private final Duration timeLimit;

  /**
   * @param timeLimit for one whole download
   */
  public ModelPull(ModelFolder folder, Duration timeLimit) {
    this.folder = folder;
    this.timeLimit = timeLimit;
  }

  /**
   * Fetches unless it is there already with the right checksum. Blocking.
   *
   * @param progress told how many bytes have come so far, on the calling thread
   * @return where the model lies
   */
  public Path pull(ModelEntry entry, LongConsumer progress) throws PullException {
    Path file = folder.fileOf(entry.name());
    Path part = null;
    try {
      if (Files.isRegularFile(file) && sha256(file).equals(entry.sha256())) {
        return file;
      }
      Files.createDirectories(folder.path());
      part = Files.createTempFile(folder.path(), entry.name(), ".part");
    } catch (IOException e) {
      throw new PullException(
          Reason.UNWRITABLE, "The models folder " + folder.path() + " cannot be written: " + e, e);
    }
    try {
      fetch(entry, part, progress);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new PullException(
          Reason.UNWRITABLE, "The model cannot be put to " + file + ": " + e.getMessage(), e);
    } finally {
      deleteQuietly(part);
    }
  }

  private void fetch(ModelEntry entry, Path part, LongConsumer progress) throws PullException {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    HttpRequest request = HttpRequest.newBuilder(entry.url()).timeout(timeLimit).GET().build();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw unreachable(entry, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(entry, e);
    }
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new PullException(
            Reason.REFUSED,
            entry.url().getHost()
                + " answered "
                + response.statusCode()
                + " for the model '"
                + entry.name()
                + "'",
            null);
      }
      copy(entry, body, part, progress);
    } catch (IOException e) {
      throw unreachable(entry, e);
    }
  }

  private void copy(ModelEntry entry, InputStream body, Path part, LongConsumer progress)
      throws IOException, PullException {
    // Reads of a body have no time limit of their own: past the limit the body is closed.
    Timer watch = new Timer("model-pull", true);
    watch.schedule(
        new TimerTask() {
          @Override
          public void run() {
            closeQuietly(body);
          }
        },
        timeLimit.toMillis());
    MessageDigest digest = newDigest();
    long size = 0;
    try (OutputStream out = Files.newOutputStream(part)) {
      byte[] block = new byte[BLOCK_BYTES];
      for (int n = body.read(block); n >= 0; n = body.read(block)) {
        size += n;
        if (size > entry.sizeBytes()) {
          throw mismatch(entry, "is larger than " + entry.sizeBytes() + " bytes");
        }
        digest.update(block, 0, n);
        out.write(block, 0, n);
        progress.accept(size);
      }
    } finally {
      watch.cancel();
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (size != entry.sizeBytes() || !found.equals(entry.sha256())) {
      throw mismatch(entry, "has " + size + " bytes and SHA-256 " + found);
    }
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static PullException mismatch(ModelEntry entry, String found) {
    return new PullException(
        Reason.MISMATCH,
        "What "
            + entry.url().getHost()
            + " sent is not the model '"
            + entry.name()
            + "': it "
            + found
            + ", expected "
            + entry.sizeBytes()
            + " bytes and SHA-256 "
            + entry.sha256(),
        null);
  }

  private static PullException unreachable(ModelEntry entry, Exception cause) {
    return new PullException(
        Reason.UNREACHABLE,
        "The model '"
            + entry.name()
            + "' cannot be fetched: "
            + entry.url().getHost()
            + " does not answer from here. On a machine with network access fetch "
            + entry.url()
            + " and give the file's path as the model.",
        cause);
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = newDigest();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] block = new byte[BLOCK_BYTES];
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        digest.update(block, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // The reader sees the closed stream and says what happened.
    }
  }

  private static void deleteQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      part.toFile().deleteOnExit();
    }
  }
}
