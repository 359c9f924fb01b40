package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.CustomInput;
import io.sightline.media.ffmpeg.StreamInput;
import io.sightline.media.ffmpeg.Watch;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.avformat.AVIOContext;

/**
 * An SRT source that is received by a process of its own and read here. The libsrt in the FFmpeg at
 * hand (1.5.4) shuts down all connections of a process when one of them ends, or cannot be opened
 * (Haivision/srt issue 3098); so no two may share one. Used by one thread.
 */
final class SrtRelay implements CustomInput {

  /** What a receiver needs: it carries bytes. */
  private static final List<String> OPTIONS =
      List.of("-Xmx32m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LAST_WORDS_SECONDS = 2;

  /** Of libsrt itself, which tells it in no other way. */
  private static final Pattern REFUSAL =
      Pattern.compile("REJECT reported from HS processing: (.+?)(?: - not processing further)?$");

  /** As {@code srt_rejectreason_str} of libsrt says of SRT_REJ_BADSECRET and SRT_REJ_UNSECURE. */
  private static final Set<String> ABOUT_SECRETS =
      Set.of("Incorrect passphrase", "Password required or unexpected");

  private static final Pattern LAST_WORDS = Pattern.compile("(-?\\d{1,9}|-?1\\d{9})\t(.*)");

  private final SourceAddress address;
  private final Watch watch;
  private final Process process;
  private final InputStream received;
  private final StreamInput input;
  private final CompletableFuture<String> said;
  private volatile String refusal;
  private boolean any;
  private Optional<MediaException> failure = Optional.empty();
  private boolean closed;

  private SrtRelay(SourceAddress address, Watch watch, Process process) throws MediaException {
    this.address = address;
    this.watch = watch;
    this.process = process;
    this.received = process.getInputStream();
    this.said =
        CompletableFuture.supplyAsync(
            () -> listen(process.errorReader(StandardCharsets.UTF_8)), SrtRelay::onOwnThread);
    this.input = new StreamInput(this::read);
  }

  /**
   * Starts a receiver.
   *
   * @param watch ends the waiting for what it receives
   */
  static SrtRelay start(SourceAddress address, Watch watch) throws MediaException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(OPTIONS);
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(
            option ->
                option.startsWith("--enable-native-access")
                    || option.startsWith("--sun-misc-unsafe")
                    || option.startsWith("-Dorg.bytedeco")
                    || option.startsWith("-Djava.io.tmpdir"))
        .forEach(command::add);
    command.add(SrtReceiver.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command);
    // As an argument it would be longer than what some native libraries bear in a command line.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    try {
      Process process = builder.start();
      try {
        // Not among the arguments, where others could read a passphrase.
        process.getOutputStream().write((address.url() + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return new SrtRelay(address, watch, process);
      } catch (IOException | MediaException | RuntimeException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new MediaException(
          Reason.UNAVAILABLE,
          address + " cannot be opened: its receiver does not start: " + e.getMessage(),
          e);
    }
  }

  @Override
  public AVIOContext context() {
    return input.context();
  }

  /** Why opening failed: as the receiver says, unless it still runs. */
  MediaException explained(MediaException failure) {
    return failure.reason() == Reason.TIMEOUT ? failure : failure().orElse(failure);
  }

  /** Why the receiver has ended; empty while it runs, and when it has ended well. */
  Optional<MediaException> failure() {
    if (failure.isEmpty() && !closed && !process.isAlive()) {
      failure = lastWords();
    }
    return failure;
  }

  private Optional<MediaException> lastWords() {
    Matcher words =
        LAST_WORDS.matcher(said.completeOnTimeout("", LAST_WORDS_SECONDS, TimeUnit.SECONDS).join());
    if (process.exitValue() == 0) {
      return Optional.empty();
    }
    if (refusal != null) {
      Reason reason = ABOUT_SECRETS.contains(refusal) ? Reason.UNAUTHORIZED : Reason.UNAVAILABLE;
      return Optional.of(new MediaException(reason, address + " refuses: " + refusal));
    }
    return Optional.of(
        words.matches()
            ? address.relayFailure(Integer.parseInt(words.group(1)), words.group(2), any)
            : new MediaException(
                Reason.UNAVAILABLE,
                address + " broke off: its receiver ended with code " + process.exitValue()));
  }

  /** Reads all that is said, so that nobody waits to say it; gives the last that is a result. */
  private String listen(BufferedReader saying) {
    String last = "";
    try (saying) {
      for (String line; (line = saying.readLine()) != null; ) {
        Matcher refused = REFUSAL.matcher(line);
        if (refused.find()) {
          refusal = refused.group(1);
        }
        last = LAST_WORDS.matcher(line).matches() ? line : last;
      }
    } catch (IOException e) {
      // It was ended.
    }
    return last;
  }

  private static void onOwnThread(Runnable work) {
    Thread thread = new Thread(work, "srt-receiver-words");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    // What it ended with by itself; afterwards it is this that ends it.
    failure();
    closed = true;
    input.close();
    process.destroyForcibly();
  }

  private int read(byte[] buffer, int length) {
    try {
      while (received.available() == 0) {
        if (watch.ended()) {
          return StreamInput.Feed.GIVEN_UP;
        }
        if (!process.isAlive() && received.available() == 0) {
          return StreamInput.Feed.END;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      any = true;
      return received.read(buffer, 0, length);
    } catch (IOException e) {
      return StreamInput.Feed.END;
    }
  }
}
