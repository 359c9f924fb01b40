package io.sightline.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.clipper.ClipAccuracy;
import io.sightline.records.Keep;
import io.sightline.records.KeepFrames;
import io.sightline.records.PictureOptions;
import io.sightline.records.Point;
import io.sightline.records.Profile;
import io.sightline.records.RenditionSpec;
import io.sightline.records.Sampling;
import io.sightline.records.ScheduleTime;
import io.sightline.records.StreamSpec;
import io.sightline.records.WatchRule;
import io.sightline.storage.s3.S3Access;
import io.sightline.storage.s3.S3Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PORT", "9000", "WORD", "many", "CAM_PASSWORD", "s3cret$1", "EMPTY", "");

  @TempDir Path folder;

  @Test
  void read_ofEveryKind_givesWhatStandsThere() throws Exception {
    Configuration read =
        read(
            """
            data: /srv/sightline
            http: { port: 9000, allowedHosts: example.org }
            capture: { chunk: 4s }
            clips:
              accuracy: keyframe
              renditions: [{ name: 720p, size: 720 }, { name: tall, size: 1080, aspect: 9:16 }]
            streams:
              lobby:
                inputs:
                  - { url: "rtsp://user:${CAM_PASSWORD}@10.0.0.7/main", use: [record] }
                  - { url: "rtsp://10.0.0.7/sub", use: [analyze] }
                profile: visits
                zones: { door: [[0.1, 0.2], [0.4, 0.2], [0.4, 0.9]] }
                pictures: { rotate: 90, width: 640, masks: [[[0, 0], [0.5, 0], [0, 0.5]]] }
                schedule:
                  - { days: mon-fri, from: 08:00, to: 18:00 }
                  - { days: [sat, sun], from: "22:00", to: "04:00" }
            profiles:
              visits:
                sample: every 10 frames
                keepFrames: none
                analyzers: [{ use: onnx, model: yolox-nano }]
                classifier: { use: presence, labels: person }
            alerts:
              door: { labels: person, cooldown: 1m, channels: desk }
            channels:
              desk: { use: webhook, url: "https://desk.example.org" }
            """);

    assertThat(read.data()).isEqualTo(Path.of("/srv/sightline"));
    assertThat(read.http().port()).isEqualTo(9000);
    assertThat(read.http().allowedHosts()).containsExactly("example.org");
    assertThat(read.capture().chunk()).isEqualTo(Duration.ofSeconds(4));
    assertThat(read.clips().config().accuracy()).isEqualTo(ClipAccuracy.KEYFRAME);
    assertThat(read.clips().config().renditions())
        .containsExactly(
            new RenditionSpec("720p", 720, null, null),
            new RenditionSpec(
                "tall", 1080, RenditionSpec.Aspect.VERTICAL, RenditionSpec.Fit.COVER));
    StreamSpec lobby = read.streamSpecs().get(0);
    assertThat(lobby.inputs().get(0).url()).isEqualTo("rtsp://user:s3cret$1@10.0.0.7/main");
    assertThat(lobby.zones()).hasSize(1);
    assertThat(lobby.pictures())
        .isEqualTo(
            new PictureOptions(
                90,
                640,
                null,
                List.of(List.of(new Point(0, 0), new Point(0.5, 0), new Point(0, 0.5)))));
    assertThat(lobby.schedule())
        .containsExactly(
            new ScheduleTime(List.of("mon", "tue", "wed", "thu", "fri"), "08:00", "18:00"),
            new ScheduleTime(List.of("sat", "sun"), "22:00", "04:00"));
    Profile visits = read.profilesByName().get("visits");
    assertThat(visits.sample()).isEqualTo(Sampling.parse("every 10 frames"));
    assertThat(visits.keepFrames()).isEqualTo(KeepFrames.NONE);
    WatchRule door = read.watchRules().get(0);
    assertThat(door.channels()).containsExactly("desk");
    assertThat(door.cooldownMillis()).isEqualTo(60_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing yet\n", "---\n", "streams:\nhttp:\n"})
  void read_ofNothing_givesTheDefaults(String text) throws Exception {
    assertThat(read(text)).isEqualTo(Configuration.defaults());
  }

  @Test
  void read_ofNumberFromEnvironment_takesIt() throws Exception {
    assertThat(read("http: { port: \"${PORT}\" }\n").http().port()).isEqualTo(9000);
  }

  @Test
  void read_ofTokenInDigits_keepsItAsText() throws Exception {
    Configuration read = read("access:\n  desk: { token: 1234567890123456, scope: viewer }\n");

    assertThat(read.access().get("desk").token()).isEqualTo("1234567890123456");
    assertThat(read.toString()).doesNotContain("1234567890123456");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "htp: {}                        | line 1: 'htp': unknown key 'htp'; did you mean 'http'?",
        "http: { prot: 1 }              | 'http.prot': unknown key 'prot'; did you mean 'port'?",
        "http: { port: abc }            | 'http.port': expected a whole number, found 'abc'",
        "http: { port: '${WORD}' }      | 'http.port': expected a whole number, found 'many'",
        "http: { port: 1.5 }            | 'http.port': expected a whole number, found 1.5",
        "clips: { accuracy: exact }     | 'clips.accuracy': expected one of frame, keyframe, found 'exact'",
        "clips: { encoder: h264_fast } | 'clips': The encoder is one of [libopenh264, h264_nvenc, h264_qsv, h264_vaapi], not 'h264_fast'",
        "clips: { renditions: [{ name: a, size: 500 }] } | 'clips.renditions[0]': The size of the rendition 'a' is one of [2160, 1440, 1080, 720, 540, 480, 360], not 500",
        "clips: { renditions: [{ name: a, size: 720, aspect: 3:2 }] } | expected one of 16:9, 1:1, 4:5, 9:16, found '3:2'",
        "clips: { renditions: [{ name: a, size: 720, fit: cover }] } | give the rendition 'a' an aspect, or no fit",
        "clips: { renditions: [{ name: a, size: 720, loudness: 3 }] } | a number of LUFS from -40 to -5, such as -23 or -16, not 3.0",
        "clips: { renditions: [{ name: a, size: 720, follow: true }] } | 'follow' chooses what 'cover' cuts off",
        "clips: { renditions: [{ name: a, size: 720 }, { name: a, size: 360 }] } | Two renditions are named 'a'",
        "http: { port: true }           | 'http.port': expected a whole number, found true",
        "http: { port: [1] }            | 'http.port': expected a whole number, found a list",
        "http: { port: 99999999999 }    | expected a whole number, found 99999999999",
        "http: { port: 70000 }          | 'http': expected a port from 0 to 65535, found 70000",
        "http: 5                        | 'http': expected keys such as host, port",
        "streams: []                    | 'streams': expected keys, found a list",
        "[data, http]                   | expected keys such as 'streams:'",
        "data: [a, b]                   | 'data': expected a text, found a list",
        "data: ${NOT_SET}               | 'data': the environment variable NOT_SET is not set",
        "recordings: { age: 7 weeks }   | line 1: 'recordings': 'age' must be a duration from 10m",
        "recordings: { age: 7 }         | line 1: 'recordings': 'age' must be a duration from 10m",
        "recordings: { space: 10MB }    | 'recordings': 'space' must be a size of at least 500MB",
        "recordings: { size: 1GB }      | 'recordings.size': unknown key 'size'",
        "recordings: [7d]               | 'recordings': expected keys",
        "timeZone: Mars/Olympus         | expected a time zone such as Europe/Zurich",
        "kafka: { bootstrap: nonsense } | expected 'embedded' or host:port, found 'nonsense'",
        "kafka: { partitions: 0 }       | kafka.partitions must be 1 to 10000, not 0",
        "kafka: { topicPrefix: a b }    | kafka.topicPrefix may hold letters",
        "storage: { objects: tape }     | 'storage': expected 'disk' or s3://bucket/prefix for objects, found 'tape'",
        "storage: { objects: 's3://A/b' } | 'storage': a place in S3 is named as in s3://my-video/sightline",
        "storage: { objects: 's3://video/a//b' } | not 's3://video/a//b'",
        "storage: { s3: { region: eu-west-1 } } | 'storage': 's3' says how a bucket is reached: set 'objects' to s3://bucket/prefix",
        "storage: { objects: 's3://video', s3: { endpoint: 'video.example:9000' } } | 'storage.s3': an endpoint is the address of a server, such as http://127.0.0.1:9000, not 'video.example:9000'",
        "storage: { objects: 's3://video', s3: { region: eu west } } | 'storage.s3': a region is one such as eu-west-1, not 'eu west'",
        "storage: { objects: 's3://video', s3: { pathStyle: maybe } } | 'storage.s3.pathStyle': expected true or false, found 'maybe'",
        "storage: { objects: 's3://video', s3: { secretKey: x } } | 'storage.s3.secretKey': unknown key 'secretKey'",
        "storage: { records: postgres }  | expected 'sqlite' for records, found 'postgres'",
        "capture: { chunk: 2 miles }    | 'capture.chunk': expected a duration such as 500ms",
        "capture: { chunk: 2 }          | expected a duration such as 500ms",
        "capture: { chunk: [2s, 3s] }   | expected a duration such as 500ms, 10s, 5m, 2h or 7d",
        "capture: { chunk: 1m }         | 'capture': expected a chunk of 1s to 10s",
        "analyzer: { threads: 0 }       | expected 1 to 256 threads, found 0",
        "access: { a: { scope: admin } } | 'access.a': a token has at least 16 characters",
        "alerts: { a: }                 | 'alerts.a': expected keys below it, found nothing",
        "alerts: { a: { labels: x, minConfidence: high } } | expected a number, found 'high'",
        "alerts: { a: { labels: x, channels: desk } } | there is no channel 'desk'",
        "alerts: { A b: { labels: x } } | 'A b'",
        "profiles: { v: { sample: 5 } } | 'profiles.v.sample': expected 'keyframes', a rate",
        "profiles: { v: { sample: scene 7 } } | 'profiles.v.sample': expected 'keyframes', a rate",
        "profiles: { v: { keepFrames: some } } | expected one of all, detections, none, found",
      })
  void read_ofSomethingWrong_saysInOneSentenceWhere(String text, String sentence) {
    assertThatThrownBy(() -> read(text + "\n"))
        .isInstanceOf(ConfigurationException.class)
        .message()
        .startsWith(folder.resolve("sightline.yaml") + ", line 1:")
        .contains(sentence)
        .doesNotContain("java.", "io.sightline", "Exception", "\n");
  }

  @Test
  void read_ofUnknownProfile_namesLineAndNearest() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    streams:
                      lobby:
                        inputs: [{ url: "rtsp://10.0.0.7/main" }]
                        profile: defualt
                    """))
        .hasMessageContaining("line 4: 'streams.lobby.profile'")
        .hasMessageContaining("did you mean 'default'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rotate: 45           | 'streams.a.pictures': A frame is rotated by 0, 90, 180 or 270 degrees, not 45",
        "rotate: left         | 'streams.a.pictures.rotate': expected a whole number, found 'left'",
        "width: 9000          | 'streams.a.pictures': The width of a frame is 16 to 8192 pixels",
        "quality: 0           | 'streams.a.pictures': The quality of a frame is 1 to 100, not 0",
        "turn: 90             | 'streams.a.pictures.turn': unknown key 'turn'",
        "masks: [[[0, 0], [1, 0]]] | A mask has 3 to 100 corners such as",
        "masks: [[0, 0], [1, 0], [0, 1]] | A point is [x, y], not 1 numbers",
        "masks: [[[0, 0], [1, 0], [0, 7]]] | A point lies between [0, 0] and [1, 1]",
      })
  void read_ofWrongPictureOption_namesItsLine(String option, String sentence) {
    String stream = "streams:\n  a:\n    inputs: { url: \"rtsp://a\" }\n    pictures:";
    assertThatThrownBy(() -> read(stream + " { " + option + " }\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(", line 4: ")
        .message()
        .contains(sentence)
        .doesNotContain("java.", "io.sightline", "Exception", "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ days: [montag], from: 08:00, to: 18:00 } | The days of a schedule are such as mon, sat or mon-fri",
        "{ from: 18:00, to: 18:00 }     | A schedule has two different times, not 18:00 for both",
        "{ from: 8am, to: 18:00 }       | A schedule has from: a time such as \"08:00\", not '8am'",
        "{ from: 08:00 }                | A schedule has to: a time such as \"08:00\", not nothing",
        "{ from: 800, to: 18:00 }       | A schedule has from: a time such as \"08:00\", not '800'",
        "{ from: 08:00, to: 18:00, day: mon } | unknown key 'day'; did you mean 'days'?",
        "always                         | 'streams.a.schedule[1]': expected keys such as days",
      })
  void read_ofWrongTime_namesItsLine(String time, String sentence) {
    String stream =
        "streams:\n  a:\n    inputs: { url: \"rtsp://a\" }\n    schedule:\n"
            + "      - { from: 08:00, to: 09:00 }\n";
    assertThatThrownBy(() -> read(stream + "      - " + time + "\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(", line 6: ")
        .message()
        .contains(sentence)
        .doesNotContain("java.", "io.sightline", "Exception", "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "profile: default                  | 2 | 'medialive.news': expected a region such as eu-west-1, found none",
        "region: Ireland                   | 2 | expected a region such as eu-west-1, found 'Ireland'",
        "region: eu-west-1, include: News  | 2 | expected channels as id:1234567, name:News *, tag:key=value or tag:key, found 'News'",
        "region: eu-west-1, every: 100ms   | 2 | A thumbnail is asked for every 1s to 1h, not every '100ms'",
        "region: eu-west-1, queue: changes | 2 | expected the URL of a queue",
        "region: eu-west-1, look: 1s       | 2 | expected a look every 10s to 1h",
        "region: eu-west-1, profile: defualt | 2 | did you mean 'default'?",
        "region: eu-west-1, regoin: x      | 2 | unknown key 'regoin'; did you mean 'region'?",
      })
  void read_ofMediaLiveThatCannotBe_namesItsLine(String keys, int line, String sentence) {
    assertThatThrownBy(() -> read("medialive:\n  news: { " + keys + " }\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(", line " + line + ": ")
        .message()
        .contains(sentence)
        .doesNotContain("java.", "io.sightline", "Exception", "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "maker: aws                | 'clips': expected the maker 'local' or 'mediaconvert', found 'aws'",
        "maker: mediaconvert       | 'clips.maker': expected a section 'mediaconvert'",
        "maker: mediaconvert, mediaconvert: { role: x }            | 'clips.mediaconvert': MediaConvert needs a region such as eu-west-1",
        "maker: mediaconvert, mediaconvert: { region: eu-west-1 }  | 'clips.mediaconvert': MediaConvert needs the ARN of a role",
        "maker: mediaconvert, mediaconvert: { region: eu-west-1, role: 'arn:aws:iam::123456789012:role/m' } | MediaConvert reads and writes S3: set storage.objects to s3://bucket/prefix instead of 'disk', or clips.maker to local",
        "mediaconvert: { region: Ireland }       | 'clips.mediaconvert': MediaConvert needs a region such as eu-west-1",
        "mediaconvert: { region: eu-west-1, role: 'arn:aws:iam::123456789012:role/m', ladder: [1080, 20] } | expected 64 to 4320 lines in a size of the ladder, found 20",
        "mediaconvert: { regoin: x }             | unknown key 'regoin'; did you mean 'region'?",
        "mediaconvert: { quality: best }         | expected one of single-pass, single-pass-hq, multi-pass-hq, found 'best'",
        "mediaconvert: { prices: { hd: -1 } }    | expected a price or factor of zero or more for 'hd', found -1",
      })
  void read_ofClipsThatCannotBe_namesTheirLine(String keys, String sentence) {
    assertThatThrownBy(() -> read("data: x\nclips: { " + keys + " }\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(", line 2: ")
        .message()
        .contains(sentence)
        .doesNotContain("java.", "io.sightline", "Exception", "\n");
  }

  @Test
  void read_ofObjectsInS3_saysWhereAndHowTheyAreReached() throws Exception {
    StorageSection plain = read("storage: { objects: 's3://video' }\n").storage();
    StorageSection all =
        read("""
                storage:
                  objects: s3://video/sightline
                  s3: { region: eu-west-1, endpoint: "http://127.0.0.1:9000", pathStyle: true }
                """)
            .storage();

    assertThat(plain.bucket()).contains(new S3Location("video", ""));
    assertThat(plain.access()).isEqualTo(new S3Access(null, null, false));
    assertThat(all.bucket()).contains(new S3Location("video", "sightline/"));
    assertThat(all.access()).isEqualTo(new S3Access("eu-west-1", "http://127.0.0.1:9000", true));
    assertThat(all.below("process-1").bucket())
        .contains(new S3Location("video", "sightline/process-1/"));
    assertThat(Configuration.defaults().storage().bucket()).isEmpty();
  }

  @Test
  void read_ofMediaConvertWithObjectsInS3_isTaken() throws Exception {
    Configuration read =
        read(
            """
            storage: { objects: "s3://my-video/sightline" }
            clips:
              maker: mediaconvert
              mediaconvert: { region: eu-west-1, role: "arn:aws:iam::123456789012:role/m" }
            """);

    assertThat(read.clips().local()).isFalse();
    assertThat(read.clips().service(read.storage())).isPresent();
  }

  @Test
  void read_ofKeepThatCannotBe_namesLineAndStream() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    streams:
                      lobby:
                        inputs: [{ url: "rtsp://10.0.0.7/main" }]
                        keep: { age: 5m }
                    """))
        .hasMessageContaining("line 4: 'streams.lobby.keep': 'age' must be a duration from 10m");
  }

  @Test
  void read_ofKeep_isTheStreams_andOtherwiseTheInstallations() throws Exception {
    Configuration read =
        read(
            """
            recordings: { space: 2GB }
            streams:
              lobby:
                inputs: [{ url: "rtsp://10.0.0.7/main" }]
                keep: { age: 30d }
            """);

    assertThat(read.recordings()).isEqualTo(new Keep("7d", "2GB", Keep.FOREVER));
    assertThat(read.streamSpecs().get(0).keep()).isEqualTo(new Keep("30d", null));
  }

  @Test
  void read_ofTextInPlaceOfAnInput_doesNotShowIt() {
    assertThatThrownBy(() -> read("streams: { a: { inputs: \"rtsp://u:s3cret@10.0.0.7\" } }\n"))
        .hasMessageContaining("'streams.a.inputs[0]': expected keys such as url")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void read_ofKeyTwice_namesTheSecondLine() {
    assertThatThrownBy(() -> read("data: a\nhttp:\n  port: 1\ndata: b\n"))
        .hasMessageContaining("line 4: the key 'data' stands there twice");
  }

  @Test
  void read_ofBrokenYaml_namesTheLine() {
    assertThatThrownBy(() -> read("data: a\nhttp: {\n")).hasMessageContaining("this is no YAML");
  }

  @Test
  void read_ofControlCharacter_saysThatItIsNoYaml() {
    assertThatThrownBy(() -> read("data: a\0b\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("this is no YAML");
  }

  @Test
  void read_ofBytesThatAreNoText_saysSo() throws IOException {
    Path file = folder.resolve("sightline.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe});

    assertThatThrownBy(() -> new ConfigurationFile(file, ENVIRONMENT::get).read())
        .hasMessageContaining("not a text file in UTF-8");
  }

  @Test
  void read_ofFolder_saysThatItCannotBeRead() {
    assertThatThrownBy(() -> new ConfigurationFile(folder, ENVIRONMENT::get).read())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void read_ofManyAliases_isRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }

    assertThatThrownBy(() -> read(bomb.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("this is no YAML");
  }

  @Test
  void atProfile_ofPluginSetting_namesItsLine() throws Exception {
    ConfigurationFile file =
        file(
            """
            profiles:
              visits:
                sample: 5/s
                analyzers:
                  - use: motion
                    sensitivty: 50
            """);
    file.read();

    assertThat(
            file.atProfile(
                "visits",
                new IllegalArgumentException(
                    "Profile 'visits': Plugin 'motion', setting 'sensitivty': is unknown")))
        .hasMessageEndingWith(
            "line 6: 'profiles.visits': Plugin 'motion', setting 'sensitivty': is unknown");
  }

  @Test
  void read_ofSinks_saysWhereStreamsComeFrom() throws Exception {
    CaptureSection gateway = read("capture: { agent: door }").capture();
    assertThat(gateway.toGateway()).isTrue();
    assertThat(gateway.declaresStreams()).isFalse();

    CaptureSection kafka =
        read("kafka: { bootstrap: 'k:9092' }\ncapture: { sink: kafka }").capture();
    assertThat(kafka.toKafka()).isTrue();
    assertThat(kafka.declaresStreams()).isTrue();

    String frames = "capture: { sink: 'kinesis://frames?region=eu-central-1'";
    assertThat(read(frames + " }").capture().declaresStreams()).isTrue();
    CaptureSection told =
        read(frames + ", gateway: 'http://example.org', token: 0123456789abcdef }").capture();
    assertThat(told.declaresStreams()).isFalse();
    assertThat(told.service().name()).isEqualTo("the Kinesis data stream 'frames'");
    assertThat(told.atHome().toGateway()).isTrue();
    assertThat(told.atHome().gateway()).isNull();
    assertThat(told.toString()).doesNotContain("0123456789abcdef");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "capture: { sink: nowhere }"
            + "| line 1: 'capture': expected the sink 'gateway' or 'kafka', or one such as"
            + " kinesis://frames?region=eu-central-1, found 'nowhere'",
        "capture: { sink: 'sqs://a' } | there is no sink 'sqs://a'",
        "capture: { sink: 'kinesis://a?x=1' } | there is no option 'x' of a data stream",
        "capture: { sink: kafka }"
            + "| 'capture.sink': 'kafka' sends to a cluster of yours: name it under"
            + " 'kafka.bootstrap'",
        "{ kafka: { bootstrap: 'k:1' }, capture: { sink: kafka, gateway: 'http://a' } }"
            + "| 'capture.gateway': with 'sink: kafka' there is no gateway",
        "{ kafka: { bootstrap: 'k:1' }, capture: { sink: kafka, token: s3cret-s3cret-s3cret } }"
            + "| 'capture.token': with 'sink: kafka' there is no gateway",
        "capture: { sink: 'kinesis://a', token: s3cret-s3cret-s3cret }"
            + "| 'capture.token': a token is shown to a gateway: name it under 'capture.gateway'"
      })
  void read_ofSinkThatCannotBe_saysWhatIsWanted(String text, String sentence) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("s3cret");
  }

  private Configuration read(String text) throws Exception {
    return file(text).read();
  }

  private ConfigurationFile file(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("sightline.yaml"), text);
    return new ConfigurationFile(file, ENVIRONMENT::get);
  }
}
