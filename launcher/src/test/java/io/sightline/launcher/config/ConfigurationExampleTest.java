package io.sightline.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.alerter.AlerterConfig;
import io.sightline.clipper.mediaconvert.MediaConvertSettings;
import io.sightline.clipper.mediaconvert.PriceTable;
import io.sightline.edgecapture.rtmp.RtmpSettings;
import io.sightline.records.InputSpec;
import io.sightline.records.PictureOptions;
import io.sightline.records.WatchRule;
import io.sightline.storage.s3.S3Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example file says what holds without it, and what it shows in comments can be used. */
class ConfigurationExampleTest {

  private static final Path EXAMPLE = Path.of("..", "sightline.example.yaml");
  private static final UnaryOperator<String> ENVIRONMENT = name -> "0123456789abcdef" + name;

  /** A commented key: {@code "# name: …"}, {@code "  # name: …"}, {@code "#    - { …"}. */
  private static final Pattern COMMENTED =
      Pattern.compile("^( *)#( *)((?:[a-zA-Z][a-zA-Z0-9-]*:(?: .*)?)|(?:- \\{.*))$");

  @TempDir Path folder;

  @Test
  void example_asItStands_equalsTheDefaults() throws Exception {
    Configuration example = new ConfigurationFile(EXAMPLE, ENVIRONMENT).read();

    assertThat(example).isEqualTo(Configuration.defaults());
  }

  @Test
  void example_withoutComments_isValid() throws Exception {
    Path file = Files.writeString(folder.resolve("sightline.yaml"), uncommented());

    Configuration all = new ConfigurationFile(file, ENVIRONMENT).read();

    assertThat(all.streams())
        .containsOnlyKeys(
            "lobby", "yard", "court-1", "gate", "demo", "archive", "hall", "channel", "news");
    assertThat(all.transitions().clips()).containsOnlyKeys("sting", "opener");
    assertThat(all.transitions().pictures())
        .containsExactly(Map.entry("crest", Path.of("media/crest.png")));
    assertThat(all.streamSpecs().get(0).schedule()).hasSize(2);
    assertThat(all.streamSpecs().get(0).pictures().masks()).hasSize(1);
    InputSpec yard = all.streams().get("yard").inputs().get(0);
    assertThat(yard.backup()).hasSize(1);
    assertThat(yard.failoverAfter()).isEqualTo(InputSpec.DEFAULT_FAILOVER);
    assertThat(yard.wellAfter()).isEqualTo(InputSpec.DEFAULT_RETURN_AFTER);
    assertThat(all.streams().get("gate").inputs().get(0).interval())
        .isEqualTo(Duration.ofMillis(500));
    assertThat(all.mediaLiveSettings()).hasSize(1);
    assertThat(all.mediaLiveSettings().get(0).queue()).isNotNull();
    MediaConvertSection mediaConvert = all.clips().mediaconvert();
    assertThat(mediaConvert.prices()).isEqualTo(PriceTable.defaults());
    assertThat(mediaConvert.quality()).isEqualTo(MediaConvertSettings.DEFAULT_QUALITY);
    assertThat(mediaConvert.maxBitrate()).isEqualTo(MediaConvertSettings.DEFAULT_MAX_BITRATE);
    assertThat(mediaConvert.ladder()).isEqualTo(MediaConvertSettings.DEFAULT_LADDER);
    assertThat(mediaConvert.jobs()).isEqualTo(MediaConvertSettings.DEFAULT_JOBS);
    assertThat(mediaConvert.poll()).isEqualTo(MediaConvertSettings.DEFAULT_POLL);
    assertThat(all.profilesByName()).containsKey("visits");
    assertThat(all.access()).containsOnlyKeys("control-room");
    assertThat(all.capture().gateway()).isNotNull();
    assertThat(all.analyzer().threads()).isEqualTo(2);
    WatchRule rule = all.watchRules().get(0);
    assertThat(rule.channels()).containsExactly("desk");
    AlerterConfig.of(all.watchRules(), all.channels());
  }

  @Test
  void example_withoutComments_mentionsEveryKeyThereIs() throws Exception {
    String text = uncommented();

    for (Class<?> type :
        List.of(
            Configuration.class,
            HttpSection.class,
            KafkaSection.class,
            StorageSection.class,
            S3Access.class,
            CaptureSection.class,
            RtmpSettings.class,
            SpoolSection.class,
            AnalyzerSection.class,
            ClipsSection.class,
            MediaConvertSection.class,
            PriceTable.class,
            TokenSection.class,
            WatchSection.class,
            MediaLiveSection.class,
            PictureOptions.class)) {
      for (var component : type.getRecordComponents()) {
        assertThat(text).containsPattern("(?m)^ *" + component.getName() + ":");
      }
    }
  }

  /** Each commented key as a key; a section shown as empty gets the content shown below it. */
  private static String uncommented() throws IOException {
    return Files.readAllLines(EXAMPLE).stream()
        .map(ConfigurationExampleTest::uncommented)
        .map(
            line ->
                line.replaceFirst(
                    "^(access|streams|medialive|profiles|alerts|channels): \\{\\}$", "$1:"))
        // What goes with objects in S3 is refused with others.
        .map(line -> line.replaceFirst("^  objects: disk$", "  objects: s3://my-video/sightline"))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String uncommented(String line) {
    Matcher commented = COMMENTED.matcher(line);
    if (!commented.matches()) {
      return line;
    }
    // A key behind '# ' stands where the '#' is; behind more, it brings its own indentation.
    String indentation = commented.group(2).length() > 1 ? commented.group(2) : commented.group(1);
    return indentation + commented.group(3);
  }
}
