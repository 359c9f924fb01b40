package io.sightline.edgecapture.medialive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sightline.edgecapture.CaptureClock;
import io.sightline.edgecapture.mjpeg.TestPictures;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.testing.MediaLiveServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.medialive.MediaLiveClient;

/** Thumbnails through the SDK's own client, from a server that is as strict as the service. */
@Timeout(60)
class ThumbnailsTest {

  private static final Duration OFTEN = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00.125Z");
  private static final List<byte[]> PICTURES = TestPictures.jpegs(5);
  private static final PipelineAddress ADDRESS = new PipelineAddress("11", "1", "eu-west-1");

  private final MediaLiveServer server =
      new MediaLiveServer("eu-west-1").channel("11", "Evening news", true, Map.of());
  private final Pace pace = new Pace(1_000, Duration.ofSeconds(1), System::nanoTime);
  private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>();
  private MediaLiveClient client;

  @BeforeEach
  void open() {
    client = client("eu-west-1");
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
    assertThat(server.breaches()).isEmpty();
  }

  @Test
  void next_changingThumbnails_areTheServicesOwnBytes_eachOnce() throws Exception {
    server.start("11", "0", "1").show("11", "1", PICTURES.get(0), NOON);
    server.show("11", "0", PICTURES.get(4), NOON);
    try (PacketSource source = open(LONG)) {
      assertThat(source.tracks().get(0).codec()).isEqualTo("mjpeg");
      assertThat(source.container())
          .isEqualTo(
              "Thumbnails of pipeline 1 of the MediaLive channel 11 in eu-west-1, asked for every"
                  + " 0.02 s");
      assertThat(picture(source)).isEqualTo(PICTURES.get(0));
      for (int i = 1; i < 4; i++) {
        long asked = server.asked("thumbnails");
        while (server.asked("thumbnails") < asked + 3) {
          assertThat(source.next().size()).isZero();
        }
        server.show("11", "1", PICTURES.get(i), NOON.plusSeconds(2 * i));
        assertThat(picture(source)).isEqualTo(PICTURES.get(i));
      }
    }
    assertThat(server.asked()).allMatch(one -> one.startsWith("/prod/channels/11/thumbnails?"));
  }

  @Test
  void open_channelThatIsIdle_waitsWithASentence_untilItRuns() throws Exception {
    BlockingQueue<PacketSource> opened = new LinkedBlockingQueue<>();
    Thread thread = reading(opened, new AtomicBoolean());
    assertThat(waiting.poll(30, TimeUnit.SECONDS))
        .isEqualTo(
            "Waiting for pipeline 1 of the MediaLive channel 11 in eu-west-1 ('Evening news'),"
                + " which is idle");
    server.state("11", "STARTING");
    assertThat(waiting.poll(30, TimeUnit.SECONDS)).endsWith("which is starting");
    server.start("11", "0");
    assertThat(waiting.poll(30, TimeUnit.SECONDS)).endsWith("does not run; the other one does");

    server.start("11", "0", "1").show("11", "1", PICTURES.get(2), NOON);

    try (PacketSource source = opened.poll(30, TimeUnit.SECONDS)) {
      assertThat(picture(source)).isEqualTo(PICTURES.get(2));
    }
    thread.join(30_000);
    // The first thumbnail may still have been missing.
    assertThat(waiting).allMatch(sentence -> sentence.startsWith("Waiting for the first"));
  }

  @Test
  void open_stoppedWhileItWaits_ends() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    BlockingQueue<PacketSource> opened = new LinkedBlockingQueue<>();
    Thread thread = reading(opened, stop);
    assertThat(waiting.poll(30, TimeUnit.SECONDS)).isNotNull();

    stop.set(true);
    thread.interrupt();

    thread.join(30_000);
    assertThat(thread.isAlive()).isFalse();
    assertThat(opened).isEmpty();
  }

  @Test
  void next_channelStops_isACleanEndThatSaysWhy() throws Exception {
    server.start("11", "0", "1").show("11", "1", PICTURES.get(0), NOON);
    try (PacketSource source = open(LONG)) {
      assertThat(picture(source)).isEqualTo(PICTURES.get(0));
      server.stop("11");
      Packet packet = source.next();
      while (packet != null) {
        assertThat(packet.size()).isZero();
        packet = source.next();
      }
      assertThat(source.ending()).endsWith("('Evening news'), which is idle");
    }
  }

  @Test
  void next_throttled_slowsAllDown_andEndsNothing() throws Exception {
    server.start("11", "0", "1").show("11", "1", PICTURES.get(0), NOON);
    try (PacketSource source = open(LONG)) {
      assertThat(picture(source)).isEqualTo(PICTURES.get(0));
      server.refuse(one -> true, 429, "TooManyRequestsException", 2);
      server.show("11", "1", PICTURES.get(1), NOON.plusSeconds(2));
      assertThat(picture(source)).isEqualTo(PICTURES.get(1));
      assertThat(source.damaged()).isZero();
    }
    assertThat(pace.calls()).isLessThan(1_000);
  }

  @Test
  void next_serviceFailsForAMoment_endsNothing_butForLongItDoes() throws Exception {
    server.start("11", "0", "1").show("11", "1", PICTURES.get(0), NOON);
    try (PacketSource source = open(LONG)) {
      assertThat(picture(source)).isEqualTo(PICTURES.get(0));
      server.refuse(one -> true, 502, "BadGatewayException", 2);
      server.show("11", "1", PICTURES.get(1), NOON.plusSeconds(2));
      assertThat(picture(source)).isEqualTo(PICTURES.get(1));

      server.refuse(one -> true, 503, "ServiceUnavailable", 1_000);
      MediaException failure = untilItFails(source);
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure)
          .hasMessageContaining("did not give the thumbnail of pipeline 1")
          .hasMessageContaining("Refused by the test");
    }
  }

  @Test
  void next_sameThumbnailForLong_isAFault_andIsNotSentAgain() throws Exception {
    server.start("11", "0", "1").show("11", "1", PICTURES.get(0), NOON);
    ThumbnailOpener opener = opener(ADDRESS, client, Duration.ofMillis(200));
    PacketSource source = opener.open(() -> false, waiting::add);
    assertThat(picture(source)).isEqualTo(PICTURES.get(0));

    MediaException failure = untilItFails(source);

    assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(failure).hasMessageContaining("the last is of 2026-11-27T12:00:00.125Z");
    MediaException again =
        catchThrowableOfType(
            MediaException.class, () -> opener.open(() -> false, waiting::add).close());
    assertThat(again.reason()).isEqualTo(Reason.TIMEOUT);

    server.show("11", "1", PICTURES.get(1), NOON.plusSeconds(60));
    try (PacketSource fresh = opener.open(() -> false, waiting::add)) {
      assertThat(picture(fresh)).isEqualTo(PICTURES.get(1));
    }
  }

  @Test
  void next_bodiesThatAreNoPicture_areCountedAndLeftOut() throws Exception {
    server.start("11", "0", "1").show("11", "1", PICTURES.get(0), NOON);
    try (PacketSource source = open(LONG)) {
      assertThat(picture(source)).isEqualTo(PICTURES.get(0));
      server.show("11", "1", "AAAA", "image/jpeg", NOON.plusSeconds(2));
      untilAsked(source);
      server.show("11", "1", "A=A", "image/jpeg", NOON.plusSeconds(4));
      untilAsked(source);
      server.show("11", "1", "AAAA", "image/png", NOON.plusSeconds(6));
      untilAsked(source);
      server.show("11", "1", PICTURES.get(1), NOON.plusSeconds(8));
      assertThat(picture(source)).isEqualTo(PICTURES.get(1));
      assertThat(source.damaged()).isEqualTo(3);
    }
  }

  @Test
  void open_answerLargerThanAThumbnail_isBrokenOff() {
    server.start("11", "0", "1").show("11", "1", new byte[AnswerLimit.MAX_BYTES], NOON);

    MediaException failure = failure(ADDRESS);

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void open_noSuchChannel_isToldApartFromADeniedOne() {
    MediaException absent = failure(new PipelineAddress("12", "0", "eu-west-1"));
    server.refuse(one -> true, 403, "ForbiddenException", 1);
    MediaException denied = failure(ADDRESS);

    assertThat(absent.reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(absent).hasMessageContaining("Channel not found: 12");
    assertThat(denied.reason()).isEqualTo(Reason.UNAUTHORIZED);
    assertThat(denied).hasMessageContaining("ForbiddenException");
  }

  @Test
  void open_whatSomebodyHasToChange_isSaid() {
    server.channel("13", "Single", false, Map.of()).start("13", "0");
    server.channel("14", "Dark", false, Map.of()).start("14", "0").thumbnailsDisabled("14");

    MediaException second = failure(new PipelineAddress("13", "1", "eu-west-1"));
    MediaException dark = failure(new PipelineAddress("14", "0", "eu-west-1"));

    assertThat(second.reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(second).hasMessageContaining("a single one, pipeline 0");
    assertThat(dark.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(dark).hasMessageContaining("set its thumbnail configuration to AUTO");
  }

  @Test
  void open_refusedForLong_isNotAskedAgainAtOnce() {
    List<Duration> pauses = new ArrayList<>();
    ThumbnailOpener opener =
        new ThumbnailOpener(
            new PipelineAddress("12", "0", "eu-west-1"),
            () -> new MediaLiveKind.Region(client, pace),
            OFTEN,
            LONG,
            LONG,
            new PausesNoted(pauses));
    for (int i = 0; i < 3; i++) {
      catchThrowableOfType(
          MediaException.class, () -> opener.open(() -> false, waiting::add).close());
    }

    assertThat(pauses.stream().filter(pause -> pause.compareTo(Duration.ofSeconds(20)) > 0))
        .hasSize(2);
  }

  private PacketSource open(Duration stale) throws Exception {
    return opener(ADDRESS, client, stale).open(() -> false, waiting::add);
  }

  private ThumbnailOpener opener(PipelineAddress address, MediaLiveClient client, Duration stale) {
    return new ThumbnailOpener(
        address,
        () -> new MediaLiveKind.Region(client, pace),
        OFTEN,
        OFTEN,
        stale,
        CaptureClock.system());
  }

  private Thread reading(BlockingQueue<PacketSource> opened, AtomicBoolean stop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                opened.add(opener(ADDRESS, client, LONG).open(stop::get, waiting::add));
              } catch (MediaException | InterruptedException e) {
                // What is asked for is that it ends.
              }
            });
    thread.start();
    return thread;
  }

  private MediaException failure(PipelineAddress address) {
    return catchThrowableOfType(
        MediaException.class,
        () -> opener(address, client, LONG).open(() -> false, waiting::add).close());
  }

  private static MediaException untilItFails(PacketSource source) {
    return catchThrowableOfType(
        MediaException.class,
        () -> {
          while (true) {
            assertThat(source.next().size()).isZero();
          }
        });
  }

  /** Until it has looked at what is shown now. */
  private void untilAsked(PacketSource source) throws Exception {
    long damaged = source.damaged();
    while (source.damaged() == damaged) {
      assertThat(source.next().size()).isZero();
    }
  }

  private static byte[] picture(PacketSource source) throws Exception {
    while (true) {
      Packet packet = source.next();
      if (packet.size() > 0) {
        byte[] bytes = new byte[packet.size()];
        packet.data().get(bytes);
        return bytes;
      }
    }
  }

  private MediaLiveClient client(String region) {
    return MediaLiveClient.builder()
        .region(Region.of(region))
        .endpointOverride(server.url())
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")))
        .overrideConfiguration(
            more ->
                more.addExecutionInterceptor(new AnswerLimit())
                    .retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** Waits for nothing. */
  private record PausesNoted(List<Duration> pauses) implements CaptureClock {
    @Override
    public long nowMicros() {
      return 1_790_000_000_000_000L;
    }

    @Override
    public void awaitMicros(long micros) {
      pauses.add(Duration.ofNanos((micros - nowMicros()) * 1_000));
    }
  }
}
