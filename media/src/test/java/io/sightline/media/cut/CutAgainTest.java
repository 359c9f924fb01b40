package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is cut once more, after a kill or by two owners at once, is the same to the byte: else a
 * clip's folder would keep pieces that nobody names. Pictures are large enough for encoders to
 * share them among threads.
 */
class CutAgainTest {

  private static final long IN = Recording.START + 250_000;
  private static final long OUT = Recording.START + 2_700_000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "libopenh264 -b:v 3M -g 50",
        "libsvtav1 -preset 12 -crf 45 -g 50 -svtav1-params lp=1",
      })
  void exact_cutAgain_storesTheSameObjects(String codec) throws Exception {
    Path film = folder.resolve("film.mp4");
    List<String> arguments =
        new ArrayList<>(
            List.of("-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25:duration=3", "-c:v"));
    arguments.addAll(List.of(codec.split(" ")));
    arguments.add(film.toString());
    FfmpegProgram.make(arguments, out -> {});

    Map<String, byte[]> first = cut(film);
    // Beside each other, they take turns in other places.
    CompletableFuture<Map<String, byte[]>> beside = CompletableFuture.supplyAsync(() -> cut(film));
    Map<String, byte[]> second = cut(film);

    assertThat(first.keySet()).anyMatch(key -> key.startsWith("clips/"));
    for (Map<String, byte[]> again : List.of(second, beside.get())) {
      assertThat(again.keySet()).isEqualTo(first.keySet());
      first.forEach((key, bytes) -> assertThat(again.get(key)).as(key).isEqualTo(bytes));
    }
  }

  /** All that is stored then, and the index. */
  private static Map<String, byte[]> cut(Path film) {
    Recording recording = new Recording("cam").add(film);
    ClipIndex index;
    try {
      CutResult cut = Cut.exact("clip", recording.chunks(), IN, OUT, recording, recording);
      assertThat(cut.note()).isNull();
      index = cut.index();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    Map<String, byte[]> all = new TreeMap<>(recording.objects());
    all.put("index", Json.encode(index));
    return all;
  }
}
