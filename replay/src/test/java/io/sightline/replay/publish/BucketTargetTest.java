package io.sightline.replay.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.adobe.testing.s3mock.S3MockApplication;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Published;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Records;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Through the real SDK against S3Mock, played over HTTP. */
class BucketTargetTest {

  private static final Map<String, String> SETTINGS =
      Map.of("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE", "aws.secretAccessKey", "no-secret");

  private static S3MockApplication mock;
  private static S3Client s3;
  private static String url;

  @TempDir Path folder;

  /** Its port is told by a method that is to be removed, in favour of none yet. */
  @BeforeAll
  @SuppressWarnings("removal")
  static void open() {
    mock =
        S3MockApplication.start(
            new HashMap<>(
                Map.of(
                    S3MockApplication.PROP_HTTPS_PORT,
                    S3MockApplication.RANDOM_PORT,
                    S3MockApplication.PROP_HTTP_PORT,
                    S3MockApplication.RANDOM_PORT,
                    "server.ssl.enabled",
                    false,
                    "server.address",
                    "127.0.0.1",
                    "logging.config",
                    "classpath:logback-test.xml")));
    url = "http://127.0.0.1:" + mock.getPort();
    SETTINGS.forEach(System::setProperty);
    System.setProperty("aws.endpointUrlS3", url);
    s3 =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .region(Region.EU_WEST_1)
            .build();
    s3.createBucket(request -> request.bucket("videos"));
  }

  @AfterAll
  static void close() {
    s3.close();
    mock.stop();
    SETTINGS.keySet().forEach(System::clearProperty);
    System.clearProperty("aws.endpointUrlS3");
  }

  @Test
  void completeReplay_playsFromTheBucket_andGoesWhenItIsDeleted() throws Exception {
    PublishPlace place =
        new PublishPlace("s3://videos/replays?region=eu-west-1", url + "/videos/replays");
    try (Reels reels = new Reels(folder);
        PublishTarget target = place.open()) {
      PublishWork work =
          new PublishWork(place, target, reels.objects, reels.records, Clock.systemUTC());
      reels.replay(1, true, true, 6, 2);
      work.update(Reels.ID);
      Published published =
          Reels.await(
                  Records.of(reels.records, Published.class).find(StoreKeys.PUBLISHED, Reels.ID))
              .orElseThrow();

      assertThat(published.master()).startsWith(url);
      assertThat(FfmpegProgram.decodesCleanly(published.master())).isEmpty();
      assertThat(TestVideo.frameNumbers(published.master())).hasSize(100).startsWith(150);
      assertThat(TestVideo.frameNumbers(published.mp4())).hasSize(100);
      HeadObjectResponse master = head("replays/" + Reels.ID + "/master.m3u8");
      assertThat(master.contentType()).isEqualTo("application/vnd.apple.mpegurl");
      assertThat(master.cacheControl()).isEqualTo("no-cache");
      HeadObjectResponse media = head("replays/" + Reels.ID + "/1/seg-1-0.m4s");
      assertThat(media.contentType()).isEqualTo("video/mp4");
      assertThat(media.cacheControl()).contains("immutable");

      reels.gone();
      work.update(Reels.ID);

      assertThat(s3.listObjectsV2(request -> request.bucket("videos")).contents()).isEmpty();
    }
  }

  private static HeadObjectResponse head(String key) {
    return s3.headObject(request -> request.bucket("videos").key(key));
  }

  @Test
  void largeFile_goesInParts() throws Exception {
    byte[] content = new byte[13_000_000];
    new Random(1).nextBytes(content);
    try (BucketTarget target = BucketTarget.open("videos", "", "eu-west-1", 6_000_000, 1_000)) {
      target.put("large/replay.mp4", content(content), "video/mp4", false);

      assertThat(
              s3.getObjectAsBytes(request -> request.bucket("videos").key("large/replay.mp4"))
                  .asByteArray())
          .isEqualTo(content);
      assertThat(head("large/replay.mp4").contentType()).isEqualTo("video/mp4");
      assertThat(s3.listMultipartUploads(request -> request.bucket("videos")).uploads()).isEmpty();
      target.delete("large/");
    }
  }

  /** More than one page of a listing holds, and than one request deletes. */
  @Test
  void folderOfManyFiles_goesWithWhatLeadsToOthersFirst() throws Exception {
    try (BucketTarget target = BucketTarget.open("videos", "", "eu-west-1", 6_000_000, 10)) {
      for (int segment = 0; segment < 34; segment++) {
        target.put("many/1/seg-" + segment + ".m4s", content(new byte[1]), "video/mp4", false);
      }
      for (String playlist : List.of("1/track-1.m3u8", "master-small.m3u8", "master.m3u8")) {
        target.put("many/" + playlist, content(new byte[1]), "text/plain", true);
      }
      target.put("other/master.m3u8", content(new byte[1]), "text/plain", true);
      DeletedKeys.take();

      target.delete("many/");

      List<String> deleted = DeletedKeys.take();
      assertThat(deleted.subList(0, 3))
          .containsExactly("many/master-small.m3u8", "many/master.m3u8", "many/1/track-1.m3u8");
      assertThat(deleted).hasSize(37).doesNotHaveDuplicates();
      assertThat(s3.listObjectsV2(request -> request.bucket("videos")).contents())
          .extracting(S3Object::key)
          .containsExactly("other/master.m3u8");
      target.delete("other/");
    }
  }

  @Test
  void bucketThatIsNotThere_isRefusedByName() throws Exception {
    try (PublishTarget target = new PublishPlace("s3://nosuch?region=eu-west-1", null).open()) {
      assertThatThrownBy(() -> target.put("a.txt", content(new byte[3]), "text/plain", true))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("'nosuch'");
    }
  }

  private static PublishTarget.Content content(byte[] content) {
    return new PublishTarget.Content() {
      @Override
      public long length() {
        return content.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(content);
      }
    };
  }
}
