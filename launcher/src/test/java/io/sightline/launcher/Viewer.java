package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.launcher.installation.Secrets;
import io.sightline.records.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Somebody at the gateway's door: asks its API, and plays what that leads to. */
final class Viewer {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI gateway;
  private final String token;

  /**
   * @param data folder of the installation, whose administrator this is
   */
  Viewer(Path data, int port) throws IOException {
    this.gateway = URI.create("http://127.0.0.1:" + port + "/");
    this.token = Secrets.of(data).adminToken();
  }

  JsonNode get(String path) throws Exception {
    return Json.MAPPER.readTree(
        bytes(api(path).header("Authorization", "Bearer " + token).build()));
  }

  JsonNode post(String path, Object wanted) throws Exception {
    return Json.MAPPER.readTree(
        bytes(
            api(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.encode(wanted)))
                .build()));
  }

  private HttpRequest.Builder api(String path) {
    return HttpRequest.newBuilder(gateway.resolve("/api/v1" + path)).timeout(PATIENCE);
  }

  /**
   * Fetches a playlist, and everything that it and those below it name.
   *
   * @return how many files
   */
  int follow(String playlist) throws Exception {
    return follow(gateway.resolve(playlist));
  }

  private int follow(URI playlist) throws Exception {
    byte[] text = bytes(HttpRequest.newBuilder(playlist).timeout(PATIENCE).build());
    int files = 1;
    for (String named :
        PlaylistUris.of(new String(text, StandardCharsets.UTF_8).lines().toList())) {
      URI uri = playlist.resolve(named);
      if (uri.getPath().endsWith(".m3u8")) {
        files += follow(uri);
      } else {
        assertThat(bytes(HttpRequest.newBuilder(uri).timeout(PATIENCE).build()))
            .as("%s, which %s names", uri, playlist)
            .isNotEmpty();
        files++;
      }
    }
    return files;
  }

  private byte[] bytes(HttpRequest request) throws Exception {
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode())
        .as("%s %s", request.uri(), new String(answer.body(), StandardCharsets.UTF_8))
        .isBetween(200, 299);
    return answer.body();
  }
}
