package io.sightline.clipper.mediaconvert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.clipper.ClipAccuracy;
import io.sightline.clipper.ClipMaker;
import io.sightline.clipper.ClipMedia;
import io.sightline.clipper.ClipOrder;
import io.sightline.clipper.ClipperConfig;
import io.sightline.clipper.WantedClip;
import io.sightline.clipper.mediaconvert.testing.JobBucket;
import io.sightline.clipper.mediaconvert.testing.MediaConvertServer;
import io.sightline.clipper.mediaconvert.testing.Transcoder;
import io.sightline.media.MediaException;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Progress;
import io.sightline.records.Rational;
import io.sightline.records.Segment;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The maker with the real SDK, against a server as strict as the service, which does the jobs. */
class MediaConvertMakerTest {

  private static final String BUCKET = "s3://my-video/sightline/";
  private static final String CREATE = "POST /2017-08-29/jobs";
  private static final String GET = "GET /2017-08-29/jobs/";
  private static final long PATIENCE_SECONDS = 90;

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final Recording recording = new Recording("lobby");
  private final List<ClipMaker> makers = new ArrayList<>();
  private final List<Double> told = Collections.synchronizedList(new ArrayList<>());
  private final Progress progress = (doing, fraction) -> told.add(fraction);
  private Path bucket;
  private ObjectStore objects;
  private MediaConvertServer server;

  @BeforeEach
  void open() throws Exception {
    System.setProperty("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE");
    System.setProperty("aws.secretAccessKey", "no-secret");
    bucket = folder.resolve("objects");
    objects = await(DiskObjectStore.open(vertx, bucket));
    server = new MediaConvertServer(new Transcoder(BUCKET, JobBucket.folder(bucket)));
  }

  @AfterEach
  void close() throws Exception {
    makers.forEach(ClipMaker::close);
    server.close();
    await(objects.close());
    await(vertx.close());
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  void make_ofAStretch_showsExactlyThePicturesBetweenTheMarks() throws Exception {
    record(TestVideo.plain().sound());

    ClipMedia media = make(maker(), order(3_500_000, 6_200_000));

    assertThat(server.breaches()).isEmpty();
    assertThat(media.startMicros()).isEqualTo(Recording.START + 3_520_000);
    assertThat(media.endMicros()).isEqualTo(Recording.START + 6_200_000);
    assertThat(media.durationMicros()).isEqualTo(2_680_000);
    assertThat(media.refersToChunks()).isFalse();
    assertThat(media.note()).isEqualTo("encoded by MediaConvert, about USD 0.0013");
    Path mp4 = objects.file(media.mp4Key()).orElseThrow();
    assertThat(TestVideo.frameNumbers(mp4)).isEqualTo(pictures(88, 155));
    ClipIndex index = Json.decode(bytes(media.indexKey()), ClipIndex.class);
    assertThat(index.pieces()).allMatch(piece -> piece.key().startsWith("clips/"));
    assertThat(TestVideo.frameNumbers(played(index))).isEqualTo(pictures(88, 155));
    assertThat(TestVideo.readFrameNumber(bytes(media.thumbnailKey()))).isEqualTo(88);
    assertThat(files("input-")).isEmpty();
    JsonNode input = server.requests().get(0).at("/settings/inputs/0");
    assertThat(input.at("/inputClippings/0/startTimecode").asText()).isEqualTo("00:00:00:13");
    assertThat(input.at("/inputClippings/0/endTimecode").asText()).isEqualTo("00:00:03:04");
    assertThat(server.requests().get(0).at("/userMetadata/team").asText()).isEqualTo("sport");
    assertThat(server.requests().get(0).at("/tags/cost").asText()).isEqualTo("video");
  }

  @Test
  void make_ofDropFrameRate_countsByIt() throws Exception {
    record(TestVideo.plain().rate("30000/1001").sound());

    ClipMedia media = make(maker(), order(3_500_000, 6_200_000));

    assertThat(server.breaches()).isEmpty();
    assertThat(TestVideo.frameNumbers(objects.file(media.mp4Key()).orElseThrow()))
        .isEqualTo(pictures(105, 186));
    JsonNode clipping = server.requests().get(0).at("/settings/inputs/0/inputClippings/0");
    assertThat(clipping.path("startTimecode").asText()).contains(";");
  }

  /** Positions are whole microseconds, so a mark on a picture lies up to one beside it. */
  @ParameterizedTest
  @CsvSource({"24000, 1001", "30000, 1001", "60000, 1001", "50, 1"})
  void make_marksOnPictures_takesTheFirstAndLeavesOutTheLast(long numerator, long denominator)
      throws Exception {
    record(TestVideo.plain().rate(numerator + "/" + denominator));
    Rational picture = new Rational(denominator, numerator);
    Rational micros = new Rational(1, 1_000_000);

    ClipMedia media =
        make(
            maker(),
            order(Rational.rescale(101, picture, micros), Rational.rescale(163, picture, micros)));

    assertThat(server.breaches()).isEmpty();
    assertThat(TestVideo.frameNumbers(objects.file(media.mp4Key()).orElseThrow()))
        .isEqualTo(pictures(101, 163));
  }

  @Test
  void make_withHls_writesItBesideTheMp4_forTwiceTheCost() throws Exception {
    record(TestVideo.plain().sound());

    ClipMedia media = make(maker(settings(true, 4), 150), order(1_000_000, 2_000_000));

    assertThat(server.breaches()).isEmpty();
    assertThat(media.note()).endsWith("USD 0.0025");
    assertThat(files("index_video.m3u8")).hasSize(1);
  }

  @Test
  void make_acrossAGap_joinsTheStretches() throws Exception {
    record(TestVideo.plain().sound());
    long second = Recording.START + 20_000_000;
    recording.add(TestVideo.plain().sound().file(), second);
    recording.writeTo(bucket);

    ClipMedia media = make(maker(), order(8_000_000, 22_000_000));

    assertThat(server.breaches()).isEmpty();
    List<Integer> shown = new ArrayList<>(pictures(200, 250));
    shown.addAll(pictures(0, 50));
    assertThat(TestVideo.frameNumbers(objects.file(media.mp4Key()).orElseThrow())).isEqualTo(shown);
    assertThat(media.gaps()).containsExactly(new Clip.Gap(Recording.START + 10_000_000, second));
    assertThat(media.durationMicros()).isEqualTo(4_000_000);
    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().get(0).at("/settings/inputs")).hasSize(2);
    ClipIndex index = Json.decode(bytes(media.indexKey()), ClipIndex.class);
    assertThat(index.pieces()).anyMatch(piece -> piece.positionMicros() >= second);
  }

  @Test
  void make_ofMoreInputsThanAJobReads_joinsSeveralJobs() throws Exception {
    record(TestVideo.plain().sound());
    recording.add(TestVideo.plain().sound().file(), Recording.START + 20_000_000);
    recording.writeTo(bucket);

    ClipMedia media = make(maker(settings(false, 4), 1), order(8_000_000, 22_000_000));

    assertThat(server.breaches()).isEmpty();
    assertThat(server.requests()).hasSize(2);
    List<Integer> shown = new ArrayList<>(pictures(200, 250));
    shown.addAll(pictures(0, 50));
    Path mp4 = objects.file(media.mp4Key()).orElseThrow();
    assertThat(TestVideo.frameNumbers(mp4)).isEqualTo(shown);
    assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty();
  }

  @Test
  void make_whileMediaConvertIsBusy_isTriedAgain() throws Exception {
    record(TestVideo.plain());
    server.refuse(CREATE, 429, "TooManyRequestsException", 3);
    server.refuse(GET, 500, "InternalServerErrorException", 2);

    ClipMedia media = make(maker(), order(1_000_000, 2_000_000));

    assertThat(media.indexKey()).isNotNull();
    assertThat(told).isNotEmpty().isSorted().allMatch(fraction -> fraction < 1);
    assertThat(server.asked(CREATE)).isEqualTo(4);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void make_ofWhatIsRefused_failsWithASentence() throws Exception {
    record(TestVideo.plain());
    ClipMaker maker = maker();

    server.refuse(CREATE, 403, "AccessDeniedException", 1);
    refused(maker, 1, "MediaConvert refuses mediaconvert:CreateJob: Refused by the test");
    server.refuse(CREATE, 402, "ServiceQuotaExceededException", 1);
    refused(maker, 2, "A quota of MediaConvert is used up");
    server.refuse(CREATE, 400, "BadRequestException", 1);
    refused(maker, 3, "MediaConvert does not take the job: Refused by the test");
    server.refuse(CREATE, 404, "NotFoundException", 1);
    refused(maker, 4, "does not find the job, queue or role");
    assertThat(server.requests()).isEmpty();
    assertThat(server.asked(CREATE)).isEqualTo(4);
  }

  @Test
  void make_ofAJobThatFails_saysItsCodeAndMessage() throws Exception {
    record(TestVideo.plain());
    server.fail(1076, "Your input\nis corrupt");

    refused(maker(), 1, "Your input is corrupt (error 1076)");
  }

  @Test
  void make_withEvents_asksAboutAJobWhenOneComes() throws Exception {
    record(TestVideo.plain());
    try (EventQueue queue = new EventQueue()) {
      ClipMaker maker = maker(settings(false, 4, Duration.ofMinutes(5), queue.url()), 150);
      Future<ClipMedia> making = maker.make(order(1_000_000, 2_000_000), progress);
      until(() -> server.asked(GET) == 1);

      for (long asked = 1; !making.isComplete(); asked++) {
        long before = asked;
        queue.send(EventQueue.event("aws.mediaconvert", server.ids().get(0)));
        until(() -> making.isComplete() || server.asked(GET) > before);
      }

      assertThat(await(making).durationMicros()).isEqualTo(1_000_000);
      assertThat(server.states()).containsExactly("COMPLETE");
    }
  }

  @Test
  void make_repeatedAfterAKill_makesOneJob() throws Exception {
    record(TestVideo.plain());
    server.hold(true);
    ClipMaker killed = maker();
    Future<ClipMedia> first = killed.make(order(1_000_000, 2_000_000), progress);
    until(() -> server.asked(GET) > 1);
    killed.close();
    assertThatThrownBy(() -> await(first)).isInstanceOf(IOException.class);
    server.pass(Duration.ofHours(1));
    server.hold(false);

    ClipMedia media = make(maker(), order(1_000_000, 2_000_000));

    assertThat(media.durationMicros()).isEqualTo(1_000_000);
    assertThat(server.requests()).hasSize(1);
    assertThat(server.states()).containsExactly("COMPLETE");
  }

  @Test
  void make_repeatedAfterAKillThatLostTheAnswer_findsItsJob() throws Exception {
    record(TestVideo.plain());
    server.loseAnswers(true);
    ClipMaker killed = maker();
    Future<ClipMedia> first = killed.make(order(1_000_000, 2_000_000), progress);
    until(() -> server.asked(CREATE) > 2);
    killed.close();
    assertThatThrownBy(() -> await(first)).isInstanceOf(IOException.class);
    // Tokens have been forgotten by now.
    server.pass(Duration.ofMinutes(5));
    server.loseAnswers(false);

    make(maker(), order(1_000_000, 2_000_000));

    assertThat(server.requests()).hasSize(1);
    assertThat(server.breaches()).isEmpty();
  }

  @Test
  void make_askedTwiceAtOnce_makesOneJob() throws Exception {
    record(TestVideo.plain());
    ClipMaker maker = maker();

    Future<ClipMedia> first = maker.make(order(1_000_000, 2_000_000), progress);
    Future<ClipMedia> second = maker.make(order(1_000_000, 2_000_000), progress);

    assertThat(await(first)).isEqualTo(await(second));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void cancel_ofAJobThatRuns_endsIt() throws Exception {
    record(TestVideo.plain());
    server.hold(true);
    ClipMaker maker = maker();
    ClipOrder order = order(1_000_000, 2_000_000);
    Future<ClipMedia> making = maker.make(order, progress);
    until(() -> server.asked(GET) > 0);

    await(maker.cancel(order.id()));

    assertThatThrownBy(() -> await(making)).isInstanceOf(CancellationException.class);
    assertThat(server.states()).containsExactly("CANCELED");
    assertThat(files("input-")).isEmpty();
    await(maker.cancel(order.id()));
  }

  @Test
  void cancel_whileMediaConvertIsBusy_asksNoMore() throws Exception {
    record(TestVideo.plain());
    server.refuse(CREATE, 429, "TooManyRequestsException", Integer.MAX_VALUE);
    ClipMaker maker = maker();
    ClipOrder order = order(1_000_000, 2_000_000);
    Future<ClipMedia> making = maker.make(order, progress);
    until(() -> server.asked(CREATE) > 1);

    await(maker.cancel(order.id()));

    assertThatThrownBy(() -> await(making)).isInstanceOf(CancellationException.class);
    assertThat(server.requests()).isEmpty();
    assertThat(files("mediaconvert.json")).isEmpty();
  }

  @Test
  void cancel_ofAJobWhoseAnswerIsLost_endsIt() throws Exception {
    record(TestVideo.plain());
    server.loseAnswers(true);
    ClipMaker maker = maker();
    ClipOrder order = order(1_000_000, 2_000_000);
    Future<ClipMedia> making = maker.make(order, progress);
    until(() -> server.asked(CREATE) > 1);

    await(maker.cancel(order.id()));

    assertThatThrownBy(() -> await(making)).isInstanceOf(CancellationException.class);
    assertThat(server.states()).containsExactly("CANCELED");
  }

  @Test
  void make_ofPicturesAtNoConstantRate_isCutHere() throws Exception {
    Path uneven = folder.resolve("uneven.mp4");
    FfmpegProgram.make(
        List.of(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=duration=6:rate=25:size=320x240",
            "-vf",
            "select='not(eq(mod(n,7),3))+eq(mod(n,2),0)'",
            "-fps_mode",
            "vfr",
            "-c:v",
            "libopenh264",
            "-g",
            "25",
            uneven.toString()),
        in -> {});
    recording.add(uneven);
    recording.writeTo(bucket);

    ClipMedia media = make(maker(), order(1_000_000, 3_000_000));

    assertThat(media.note()).contains("cut here", "do not come at a constant rate");
    assertThat(server.requests()).isEmpty();
    assertThat(files("input-")).isEmpty();
  }

  @Test
  void make_ofFewerPicturesThanAskedFor_fails() throws Exception {
    record(TestVideo.plain());
    server.loseLastPicture();

    refused(maker(), 1, "MediaConvert made 22 pictures where 23 were asked for");
  }

  @Test
  void make_ofMoreThanTheSettingsAllowAtOnce_waits() throws Exception {
    record(TestVideo.plain());
    server.hold(true);
    ClipMaker maker = maker(settings(false, 1), 150);
    Future<ClipMedia> first = maker.make(order(1_000_000, 2_000_000), progress);
    ClipOrder later = order(3_000_000, 4_000_000);
    Future<ClipMedia> second = maker.make(later, progress);
    until(() -> server.asked(GET) > 2);
    assertThat(server.requests()).hasSize(1);

    await(maker.cancel(later.id()));
    server.hold(false);

    assertThat(await(first).indexKey()).isNotNull();
    assertThatThrownBy(() -> await(second)).isInstanceOf(CancellationException.class);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void make_ofSoundAlone_isCutHere() throws Exception {
    Path sound = folder.resolve("sound.mp4");
    FfmpegProgram.make(
        List.of("-f", "lavfi", "-i", "sine=duration=6", "-c:a", "aac", sound.toString()), in -> {});
    recording.add(sound);
    recording.writeTo(bucket);

    ClipMedia media = make(maker(), order(1_000_000, 2_000_000));

    assertThat(media.note()).contains("cut here", "no pictures");
    assertThat(media.refersToChunks()).isTrue();
    assertThat(server.requests()).isEmpty();
  }

  private void refused(ClipMaker maker, int second, String sentence) {
    assertThatThrownBy(() -> make(maker, order(second * 1_000_000L, second * 1_000_000L + 900_000)))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining(sentence);
    assertThat(files("input-")).isEmpty();
  }

  private ClipMaker maker() {
    return maker(settings(false, 4), 150);
  }

  private ClipMaker maker(MediaConvertSettings settings, int inputsPerJob) {
    ClipMaker maker =
        new MediaConvert(settings, Duration.ofMillis(10), inputsPerJob)
            .clips(ClipAccuracy.FRAME)
            .open(vertx, objects, ClipperConfig.DEFAULT);
    makers.add(maker);
    return maker;
  }

  private MediaConvertSettings settings(boolean hls, int jobs) {
    return settings(hls, jobs, Duration.ofMillis(100), null);
  }

  private MediaConvertSettings settings(boolean hls, int jobs, Duration poll, URI events) {
    return new MediaConvertSettings(
        MediaConvertServer.REGION,
        server.url(),
        "arn:aws:iam::111122223333:role/MediaConvert",
        null,
        BUCKET,
        Quality.SINGLE_PASS,
        MediaConvertSettings.DEFAULT_MAX_BITRATE,
        hls,
        null,
        jobs,
        poll,
        events,
        Map.of("cost", "video"),
        Map.of("team", "sport"),
        null);
  }

  private void record(TestVideo video) {
    recording.add(video.file());
    recording.writeTo(bucket);
  }

  private ClipOrder order(long in, long out) {
    Segment segment =
        new Segment(
            Ids.segment("lobby", "live", "presence", Recording.START + in),
            "lobby",
            "live",
            "presence",
            Ids.epoch(Recording.START, "local"),
            Recording.START + in,
            Recording.START + out,
            "motion",
            null,
            Map.of(),
            null,
            false,
            1,
            1);
    List<ChunkInfo> chunks =
        recording.chunks().stream()
            .filter(chunk -> chunk.endMicros() > segment.startMicros() - 3_000_000)
            .filter(chunk -> chunk.positionMicros() < segment.endMicros())
            .toList();
    return new ClipOrder(WantedClip.original(segment), chunks, true);
  }

  private ClipMedia make(ClipMaker maker, ClipOrder order) throws Exception {
    return await(maker.make(order, progress));
  }

  /** The index as one MP4. */
  private Path played(ClipIndex index) throws Exception {
    Path file = folder.resolve("played.mp4");
    try (var out = Files.newOutputStream(file)) {
      Mp4File.write(
          index,
          (key, offset, length) -> {
            try {
              return await(objects.get(key, offset, length)).getBytes();
            } catch (Exception e) {
              throw new IOException(e);
            }
          },
          out);
    }
    return file;
  }

  private List<Path> files(String name) {
    try (Stream<Path> all = Files.walk(bucket)) {
      return all.filter(file -> file.getFileName().toString().startsWith(name)).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] bytes(String key) throws Exception {
    return await(objects.get(key)).getBytes();
  }

  private static List<Integer> pictures(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.yield();
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
