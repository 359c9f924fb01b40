package io.sightline.storage.s3;

import static io.sightline.storage.testing.Waiting.await;
import static io.sightline.storage.testing.Waiting.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.storage.ObjectPage;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import io.sightline.storage.testing.BlockStream;
import io.sightline.storage.testing.ObjectStoreContract;
import io.sightline.storage.testing.S3Server;
import io.sightline.storage.testing.StoreOpener;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Against S3Mock, through the real SDK, in a bucket that others use too. What happens at once is
 * tried in {@link StrictS3StoreTest}.
 */
class S3ObjectStoreTest extends ObjectStoreContract {

  private static final String BUCKET = "shared";

  private static final AtomicInteger TESTS = new AtomicInteger();

  private static S3Server server;

  private final String prefix = "sightline/" + TESTS.incrementAndGet();

  /** Opens a store at {@code endpoint s3://bucket/prefix}. */
  public static final class Opener implements StoreOpener<ObjectStore> {
    @Override
    public Future<? extends ObjectStore> open(Vertx vertx, String place) {
      S3Server.credentials();
      String[] parts = place.split(" ");
      return S3ObjectStore.open(
          vertx, S3Location.parse(parts[1]), new S3Access(S3Server.REGION, parts[0], true));
    }
  }

  @BeforeAll
  static void start() {
    server = new S3Server().bucket(BUCKET);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void othersUseTheBucket() {
    for (String name : List.of("a", "zz/a", prefix + "-2/a", prefix)) {
      server
          .client()
          .putObject(request -> request.bucket(BUCKET).key(name), RequestBody.fromString("others"));
    }
  }

  @Override
  protected StoreOpener<ObjectStore> opener() {
    return new Opener();
  }

  @Override
  protected String place() {
    return server.endpoint() + " s3://" + BUCKET + "/" + prefix;
  }

  @Test
  void list_bucketOfOthersToo_showsNeitherTheirsNorWhatIsNoKey() {
    for (String name : List.of("a folder/", "~other", "a b", "b")) {
      server
          .client()
          .putObject(
              request -> request.bucket(BUCKET).key(prefix + "/" + name),
              RequestBody.fromString("x"));
    }
    await(store.put("a", Buffer.buffer("mine"), "text/plain"));

    assertThat(keys("")).containsExactly("a", "b");
    List<String> listed = new ArrayList<>();
    String after = null;
    do {
      ObjectPage page = await(store.list("", after, 1));
      page.objects().forEach(object -> listed.add(object.key()));
      after = page.next();
      assertThat(page.objects()).hasSize(after == null ? 0 : 1);
    } while (after != null);
    assertThat(listed).containsExactly("a", "b");
    assertThat(await(store.get("a")).toString()).isEqualTo("mine");
  }

  @Test
  void delete_object_leavesThoseOfOthers() {
    await(store.put("a", Buffer.buffer("mine"), "text/plain"));
    await(store.delete("a"));

    assertThat(server.names(BUCKET))
        .contains("a", "zz/a", prefix + "-2/a", prefix)
        .noneMatch(name -> name.startsWith(prefix + "/"));
  }

  @Test
  void open_usableBucket_leavesNothingInIt() {
    assertThat(server.names(BUCKET)).noneMatch(name -> name.startsWith(prefix + "/"));
  }

  @Test
  void open_wholeBucket_isTaken() {
    server.bucket("whole");
    ObjectStore whole =
        await(S3ObjectStore.open(vertx, S3Location.parse("s3://whole"), server.access()));

    await(whole.put("a/b", Buffer.buffer("x"), "text/plain"));

    assertThat(server.names("whole")).containsExactly("a/b");
    await(whole.close());
  }

  @Test
  void open_noSuchBucket_saysWhatToDo() {
    StorageException failure =
        awaitFailure(
            Reason.UNAVAILABLE,
            S3ObjectStore.open(vertx, S3Location.parse("s3://nowhere/x"), server.access()));

    assertThat(failure)
        .hasMessageStartingWith("The bucket 'nowhere' did not list the objects below 'x/': ")
        .hasMessageEndingWith(
            "(NoSuchBucket, HTTP 404); make the bucket 'nowhere', or name another in"
                + " storage.objects");
  }

  @Test
  void put_anyObject_keepsItsContentType() {
    await(store.put("small", Buffer.buffer("x"), "image/jpeg"));
    await(store.put("streamed", stream(bytes(2, 100)), "video/mp2t"));
    await(store.put("in-parts", stream(bytes(3, 9_000_000)), "audio/mp4"));

    assertThat(List.of("small", "streamed", "in-parts"))
        .extracting(this::typeOf)
        .containsExactly("image/jpeg", "video/mp2t", "audio/mp4");
  }

  @ParameterizedTest
  @ValueSource(ints = {S3Upload.PART_BYTES, 2 * S3Upload.PART_BYTES + 1})
  void put_largeObject_isThereWholeAndNothingIsLeftOver(int size) {
    byte[] content = bytes(size, size);

    await(store.put("in-memory", Buffer.buffer(content), "video/mp4"));
    long streamed = await(store.put("streamed", stream(content), "video/mp4"));

    assertThat(streamed).isEqualTo(size);
    assertThat(await(store.get("in-memory")).getBytes()).isEqualTo(content);
    assertThat(await(store.get("streamed")).getBytes()).isEqualTo(content);
    assertThat(await(store.get("streamed", size - 10, 5)).getBytes())
        .isEqualTo(Arrays.copyOfRange(content, size - 10, size - 5));
    assertThat(server.unfinished(BUCKET)).isEmpty();
  }

  @Test
  void put_streamThatFailsAfterSomeParts_givesThemUp() {
    BlockStream broken =
        new BlockStream(
            vertx.getOrCreateContext(),
            List.of(Buffer.buffer(bytes(1, 20_000_000)), Buffer.buffer("more")),
            new IllegalStateException("unplugged"));

    assertThatThrownBy(() -> await(store.put("a", broken, "video/mp4")))
        .hasStackTraceContaining("unplugged");

    assertThat(keys("")).isEmpty();
    assertThat(server.unfinished(BUCKET)).isEmpty();
  }

  private String typeOf(String key) {
    return server
        .client()
        .headObject(request -> request.bucket(BUCKET).key(prefix + "/" + key))
        .contentType();
  }

  private BlockStream stream(byte[] content) {
    List<Buffer> blocks = new ArrayList<>();
    for (int from = 0; from < content.length; from += 1 << 20) {
      blocks.add(
          Buffer.buffer(
              Arrays.copyOfRange(content, from, Math.min(content.length, from + (1 << 20)))));
    }
    return new BlockStream(vertx.getOrCreateContext(), blocks, null);
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
