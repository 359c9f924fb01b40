package io.sightline.edgecapture.kvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sightline.edgecapture.InputOpener;
import io.sightline.edgecapture.aws.AwsProperties;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.TestVideo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvsInputTest {

  private static final KvsAddress ADDRESS = KvsAddress.parse("kvs://lobby?region=eu-west-1");
  private static final Duration HALF_A_DAY = Duration.ofHours(12);
  private static final String SESSION = "getHLSStreamingSessionURL";

  @TempDir static Path folder;
  private static KvsServer server;
  private final AwsProperties properties = new AwsProperties();

  @BeforeAll
  static void serve() throws Exception {
    server = new KvsServer(TestVideo.plain().pictures(750).sound(), folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void point() {
    server.begin();
    properties.credentials().set("aws.endpointUrlKinesisVideo", server.endpoint());
  }

  @AfterEach
  void check() {
    properties.close();
    assertThat(server.breaches()).isEmpty();
  }

  @Test
  void session_nearItsEnd_isLeftAtAKeyframe_andTheNextGoesOnThere() throws Exception {
    List<Long> pictures = new ArrayList<>();
    List<Long> sound = new ArrayList<>();
    try (KvsInput input =
        new KvsInput(ADDRESS, SourceOptions.DEFAULTS, HALF_A_DAY, Duration.ofMillis(1_500))) {
      for (int session = 0; session < 3; session++) {
        try (PacketSource source = input.open(() -> false, sentence -> {})) {
          assertThat(source.tracks()).extracting(SourceTrack::isVideo).contains(true, false);
          boolean first = true;
          for (Packet packet; (packet = source.next()) != null; ) {
            boolean picture = source.tracks().get(packet.track()).isVideo();
            if (picture && first) {
              assertThat(packet.keyframe()).isTrue();
              first = false;
            }
            (picture ? pictures : sound).add(packet.dts());
          }
          assertThat(source.ending()).contains("about to expire");
        }
        assertThat(input.goesOn()).isTrue();
      }
    }
    assertThat(pictures).hasSizeGreaterThan(75);
    for (int n = 1; n < pictures.size(); n++) {
      assertThat(pictures.get(n) - pictures.get(n - 1))
          .as("after picture %d", n)
          .isEqualTo(pictures.get(1) - pictures.get(0));
    }
    assertThat(sound).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void session_endedByTheServer_isUnavailable_andTheSecretIsNotSaid() throws Exception {
    try (KvsInput input = new KvsInput(ADDRESS, SourceOptions.DEFAULTS)) {
      try (PacketSource source = input.open(() -> false, sentence -> {})) {
        assertThat(source.next()).isNotNull();
        assertThat(source.toString() + source.container()).doesNotContain(KvsServer.SECRET);
        server.expireSessions();
        MediaException failure = null;
        try {
          while (source.next() != null) {
            // What was sent before is read.
          }
          assertThat(source.ending()).isEqualTo("the session of kvs://lobby ended");
        } catch (MediaException e) {
          failure = e;
        }
        if (failure != null) {
          assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
          assertThat(failure).hasMessageContaining("kvs://lobby");
          assertThat(failure.getMessage()).doesNotContain("CiD", "SessionToken", "127.0.0.1");
        }
      }
      assertThat(input.goesOn()).isFalse();
    }
  }

  @Test
  void stream_thatIsNotThere_isNotFound() {
    assertThat(failure("kvs://hall?region=eu-west-1"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND))
        .hasMessageContaining("no Kinesis video stream 'hall' in eu-west-1");
  }

  @Test
  void refusals_areToldApart() {
    says(404, "ResourceNotFoundException", "No fragments", Reason.UNAVAILABLE, "no media");
    says(400, "NoDataRetentionException", "None", Reason.UNSUPPORTED, "data retention");
    says(400, "UnsupportedStreamMediaTypeException", "MP2", Reason.UNSUPPORTED, "H.264 or H.265");
    says(400, "MissingCodecPrivateDataException", "No CPD", Reason.MALFORMED, "codec private");
    says(400, "InvalidCodecPrivateDataException", "Bad CPD", Reason.MALFORMED, "codec private");
    says(400, "ClientLimitExceededException", "Limit", Reason.UNAVAILABLE, "asked too often");
    says(
        401,
        "NotAuthorizedException",
        "The caller is not authorized",
        Reason.UNAUTHORIZED,
        "kinesisvideo:GetHLSStreamingSessionURL");
    server.fail("getDataEndpoint", 403, "AccessDeniedException", "User: x is not authorized");
    assertThat(failure("kvs://lobby?region=eu-west-1"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAUTHORIZED))
        .hasMessageContaining("kinesisvideo:GetDataEndpoint");
  }

  @Test
  void throttlingAndServerErrors_areTriedAgain() throws Exception {
    server.fail("getDataEndpoint", 429, "ThrottlingException", "Rate exceeded");
    server.fail(SESSION, 500, "InternalFailure", "Sorry");
    try (KvsInput input = new KvsInput(ADDRESS, SourceOptions.DEFAULTS);
        PacketSource source = input.open(() -> false, sentence -> {})) {
      assertThat(source.next()).isNotNull();
    }
  }

  @Test
  void credentialsOrRegion_thatAreMissing_areNamed() {
    properties.clear("aws.accessKeyId").clear("aws.secretAccessKey");
    properties.set("aws.disableEc2Metadata", "true");
    properties.set("aws.sharedCredentialsFile", folder.resolve("none").toString());
    properties.set("aws.configFile", folder.resolve("none").toString());
    assertThat(failure("kvs://lobby?region=eu-west-1"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAUTHORIZED))
        .hasMessageContaining("AWS_ACCESS_KEY_ID");
    // Of an environment that says it, nothing is missing.
    if (System.getenv("AWS_REGION") == null && System.getenv("AWS_DEFAULT_REGION") == null) {
      assertThat(failure("kvs://lobby"))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
          .hasMessageContaining("?region=eu-west-1");
    }
  }

  private void says(int status, String type, String message, Reason reason, String sentence) {
    server.fail(SESSION, status, type, message);
    MediaException failure = failure("kvs://lobby?region=eu-west-1");
    assertThat(failure.reason()).as(type).isEqualTo(reason);
    assertThat(failure).hasMessageContaining(sentence).hasMessageNotContaining("\n");
  }

  private static MediaException failure(String url) {
    try (InputOpener input = new KvsInput(KvsAddress.parse(url), SourceOptions.DEFAULTS)) {
      return catchThrowableOfType(
          MediaException.class, () -> input.open(() -> false, sentence -> {}).close());
    }
  }
}
