package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whatever is wrong ends in one sentence and exit code 2, and leaves nothing behind. */
class CommandErrorsTest {

  private static final String SINK = "capture: { sink: 'kinesis://frames?region=eu-central-1' }\n";

  @TempDir Path folder;

  private Path out;

  @BeforeEach
  void nameOutputFolder() {
    out = folder.resolve("out");
  }

  // -- The video

  @Test
  void process_ofMissingFile_saysSo() {
    refused(
        Command.here("process", folder.resolve("nothere.mp4"), "--out", out),
        "no file ",
        "nothere.mp4");
  }

  @Test
  void process_ofText_saysThatItIsText() throws IOException {
    Files.writeString(folder.resolve("notes.mp4"), "buy milk\n");

    refused(Command.run(folder, "process", "notes.mp4", "--out", out), "notes.mp4 is no video");
  }

  @Test
  void process_ofEmptyFile_saysThatItIsEmpty() throws IOException {
    Files.createFile(folder.resolve("empty.mp4"));

    refused(
        Command.here("process", folder.resolve("empty.mp4"), "--out", out), "empty.mp4 is empty");
  }

  @Test
  void process_ofMp4CutOffBeforeItsIndex_saysThatItIsIncomplete() {
    Path part = brokenInTheMiddle(TestVideo.Container.MP4_INDEX_LAST);

    refused(Command.run(folder, "process", part, "--out", out), part.getFileName() + " ");
  }

  @Test
  void process_ofMp4CutOffAfterItsIndex_saysThatItIsIncomplete() {
    Path part = brokenInTheMiddle(TestVideo.Container.MP4_INDEX_FIRST);

    refused(Command.here("process", part, "--out", out), "is incomplete");
  }

  @Test
  void process_ofSoundAlone_saysThatPicturesAreMissing() {
    Path sound = folder.resolve("sound.m4a");
    TestVideo film = TestVideo.plain().pictures(50).sound();
    FfmpegProgram.ffmpeg(
        List.of("-i", film.file().toString(), "-vn", "-c", "copy", sound.toString()));
    assertThat(sound).isNotEmptyFile();

    refused(Command.here("process", sound, "--out", out), "picture");
  }

  @Test
  void process_ofFolder_saysSo() {
    refused(Command.here("process", folder, "--out", out), "is a folder");
  }

  @Test
  void process_ofUrlWithWrongPassword_saysSoWithoutShowingIt() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback(), 0), 0);
    server.createContext(
        "/film.mp4",
        exchange -> {
          exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"films\"");
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    server.start();
    try {
      String address = "127.0.0.1:" + server.getAddress().getPort() + "/film.mp4";
      Command.Result result =
          Command.here("process", "http://camera:s3cret@" + address, "--out", out);

      refused(result, address, "refuses these credentials");
      assertThat(result.err()).doesNotContain("s3cret");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void process_ofGoodUrl_saysWhatToDoInstead() throws IOException {
    byte[] film = Files.readAllBytes(TestVideo.plain().pictures(50).file());
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback(), 0), 0);
    server.createContext(
        "/film.mp4",
        exchange -> {
          exchange.sendResponseHeaders(200, film.length);
          exchange.getResponseBody().write(film);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/film.mp4";

      refused(Command.here("process", url, "--out", out), "sightline up");
    } finally {
      server.stop(0);
    }
  }

  // -- Profile, model, output, Kafka

  @Test
  void process_withUnknownProfile_namesTheNearest() {
    refused(
        Command.here("process", film(), "--profile", "defualt", "--out", out),
        "no profile 'defualt'; did you mean 'default'?");
  }

  @Test
  void process_withModelThatIsNoOnnx_saysSo() throws IOException {
    Path model = Files.writeString(folder.resolve("model.onnx"), "no network at all");

    refused(
        Command.run(folder, "process", film(), "--model", model, "--out", out),
        "model.onnx is no ONNX model");
  }

  @Test
  void process_withLabelsOfAnotherCount_saysBothCounts() throws IOException {
    Path model = SampleFiles.require("models", "yolox-nano.onnx");
    Path labels = Files.writeString(folder.resolve("labels.txt"), "person\ndog\n");

    refused(
        Command.here("process", film(), "--model", model, "--labels", labels, "--out", out),
        "80 classes",
        "names 2");
  }

  @Test
  void process_intoFolderBelowAFile_saysThatItCannotWrite() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    refused(
        Command.here("process", film(), "--out", file.resolve("below")),
        "Cannot write to the output folder");
  }

  @Test
  void process_withKafkaThatIsNotThere_saysWhere() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      port = socket.getLocalPort();
    }

    refused(
        Command.here("process", film(), "--kafka", "127.0.0.1:" + port, "--out", out),
        "Kafka does not answer at 127.0.0.1:" + port);
  }

  @Test
  void process_withMalformedKafka_saysWhatIsExpected() {
    refused(
        Command.here("process", film(), "--kafka", "nonsense", "--out", out),
        "--kafka",
        "host:port",
        "'nonsense'");
  }

  @Test
  void process_watchingALabelThatMotionDoesNotKnow_saysWhatIsNeeded() {
    refused(Command.here("process", film(), "--watch", "person", "--out", out), "--model");
  }

  // -- The command line

  @Test
  void process_withoutVideo_saysWhatIsMissing() {
    refused(Command.here("process"), "'VIDEO'", "sightline process --help");
  }

  @Test
  void command_withUnknownOption_namesTheNearest() {
    refused(Command.here("process", film(), "--otu", out), "unknown option --otu", "'--out'");
  }

  @Test
  void command_thatIsUnknown_namesTheNearest() {
    refused(Command.here("proces", film()), "unknown command 'proces'", "'process'");
  }

  @Test
  void command_withWordForANumber_saysWhatIsExpected() {
    refused(Command.here("up", "--port", "many"), "'--port'", "'many' is not a whole number");
  }

  // -- The configuration

  @Test
  void process_withUnknownKey_namesLineAndNearest() throws IOException {
    Path config = Files.writeString(folder.resolve("c.yaml"), "data: d\nhttp:\n  prot: 1\n");

    refused(
        Command.here("process", film(), "--config", config, "--out", out),
        "c.yaml, line 3",
        "'prot'",
        "did you mean 'port'?");
  }

  @Test
  void process_withUnknownPluginSetting_namesItsLine() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("c.yaml"),
            """
            profiles:
              visits:
                sample: 5/s
                analyzers:
                  - use: motion
                    sensitivty: 50
                classifier: { use: presence }
            """);

    refused(
        Command.here("process", film(), "--config", config, "--profile", "visits", "--out", out),
        "c.yaml, line 6",
        "'sensitivty'",
        "sensitivity");
    refused(Command.here("up", "--config", config), "c.yaml, line 6", "'sensitivty'");
  }

  @Test
  void process_withOptimizerThatCannotWork_namesItsLine() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("c.yaml"),
            """
            profiles:
              talks:
                analyzers: [ { use: motion }, { use: audioLevel, pauseFor: 200ms } ]
                optimizer: { use: quietMarks, before: 5m }
              deaf:
                analyzers: [ { use: motion } ]
                optimizer: { use: quietMarks }
              odd:
                analyzers: [ { use: motion } ]
                optimizer: { use: loudMarks }
            """);

    refused(
        refusing(config, "talks"),
        "c.yaml, line 4",
        "Plugin 'quiet-marks', setting 'before': must not be longer than 60s");
    refused(
        refusing(config, "deaf"),
        "c.yaml, line 5",
        "add { use: audioLevel, pauseFor: 200ms } to its analyzers");
    refused(
        refusing(config, "odd"),
        "c.yaml, line 8",
        "There is no optimizer 'loud-marks'; there are [quiet-marks]");
  }

  private Command.Result refusing(Path config, String profile) {
    return Command.here("process", film(), "--config", config, "--profile", profile, "--out", out);
  }

  @Test
  void process_withMissingConfiguration_saysSo() {
    refused(
        Command.here("process", film(), "--config", folder.resolve("nothere.yaml"), "--out", out),
        "no configuration file");
  }

  @Test
  void up_withPortInUse_saysSo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, loopback())) {
      Command.Result result =
          Command.run(folder, "up", "--data", out, "--port", taken.getLocalPort());

      refused(result, "port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
    }
  }

  // -- Measurements

  @Test
  void up_withAnotherSink_saysThatItHasAGateway() throws IOException {
    Path file = Files.writeString(folder.resolve("sink.yaml"), SINK + "streams: {}\n");

    refused(Command.here("up", "--config", file), "'capture.sink: kinesis://frames", "'up'");
  }

  @Test
  void up_withAClipForTransitionsThatIsNone_saysWhich() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes.mp4"), "buy milk\n");
    Path file =
        Files.writeString(
            folder.resolve("clips.yaml"),
            "transitions: { clips: { sting: '%s' } }\nhttp: { port: 0 }\n".formatted(notes));

    refused(
        Command.here("up", "--config", file, "--data", folder.resolve("data")),
        "transitions.clips.sting: " + notes + " cannot be used: ");
  }

  @Test
  void capture_withoutAGatewayAndAStream_saysThatThereIsNothingToDo() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("sink.yaml"),
            SINK + "streams: { door: { agent: other, inputs: [{ url: 'rtsp://10.0.0.7' }] } }\n");

    refused(
        Command.here("capture", "--config", file),
        "There is nothing to capture",
        "the agent 'local'");
  }

  @Test
  void bench_withoutTheScript_saysWhereItIs() {
    refused(Command.here(SightlineCommand.line(), "bench", "all"), "./sightline bench", "checkout");
  }

  @Test
  void help_listsBench() {
    assertThat(Command.here(SightlineCommand.line(), "--help").out()).contains("bench list");
  }

  // -- What nobody foresaw

  @Test
  void command_thatEndsWithAnError_saysItInASentence() {
    CommandLine line = SightlineCommand.line();
    line.addSubcommand("break", new Breaking(new NoClassDefFoundError("io/sightline/Gone")));

    Command.Result result = Command.here(line, "break");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.errors()).hasSize(1);
    assertThat(result.err()).contains("NoClassDefFoundError: io/sightline/Gone");
  }

  @Test
  void command_thatFailsWithoutMessage_namesTheCause() {
    CommandLine line = SightlineCommand.line();
    line.addSubcommand("break", new Breaking(new IllegalStateException(new IOException("full"))));

    Command.Result result = Command.here(line, "break");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.errors()).hasSize(1);
    assertThat(result.err()).contains("it did not work", "full");
  }

  /** A command that does not get far. */
  @CommandLine.Command(name = "break")
  private record Breaking(Throwable reason) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      if (reason instanceof Error error) {
        throw error;
      }
      throw (Exception) reason;
    }
  }

  private void refused(Command.Result result, String... parts) {
    assertThat(result.errors()).hasSize(1);
    assertThat(result.err()).startsWith("sightline: ").contains(parts);
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(out).doesNotExist();
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).allMatch(Files::isRegularFile);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path film() {
    return TestVideo.plain().pictures(50).file();
  }

  private static Path brokenInTheMiddle(TestVideo.Container container) {
    TestVideo film = TestVideo.plain().pictures(100).container(container);
    return film.brokenOffAt(film.file().toFile().length() / 2);
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }
}
