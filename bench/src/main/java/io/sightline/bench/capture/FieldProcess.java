package io.sightline.bench.capture;

import io.sightline.bench.BenchException;
import io.sightline.bench.Cores;
import io.sightline.records.Json;
import io.sightline.records.StreamAssignment;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link Field} in a process of its own. */
final class FieldProcess implements AutoCloseable {

  private final Process process;
  private final URI uri;
  private final int cameraPort;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param footage what the cameras send; null when there are none
   */
  FieldProcess(Path footage) throws IOException, BenchException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
    command.add(Field.class.getName());
    if (footage != null) {
      command.add(footage.toString());
    }
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader said = process.inputReader();
    String ports = said.readLine();
    if (ports == null) {
      throw new BenchException("The process with cameras and gateway did not start");
    }
    uri = URI.create("http://127.0.0.1:" + ports.split(" ")[0]);
    cameraPort = Integer.parseInt(ports.split(" ")[1]);
  }

  /** Gives it half of the processors, and this process the other half, until closed. */
  Cores part() throws IOException, InterruptedException {
    return Cores.part(process);
  }

  /** The gateway. */
  URI uri() {
    return uri;
  }

  /**
   * A camera.
   *
   * @param place of its keyframes among those of the others, 0 to 1
   */
  String camera(String stream, double place) {
    return String.format(
        Locale.ROOT, "http://127.0.0.1:%d/%s.ts?place=%.4f", cameraPort, stream, place);
  }

  /** Assigns these streams and no others. */
  void assign(List<StreamAssignment> streams) throws IOException, InterruptedException {
    send(
        HttpRequest.newBuilder(uri.resolve("/field/streams"))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(Json.encode(streams))));
  }

  /** What arrives from now on is in the next report. */
  void count() throws IOException, InterruptedException {
    send(HttpRequest.newBuilder(uri.resolve("/field/count")));
  }

  FieldReport report() throws IOException, InterruptedException {
    return Json.decode(
        send(HttpRequest.newBuilder(uri.resolve("/field/report"))), FieldReport.class);
  }

  private byte[] send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()).body();
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
  }
}
