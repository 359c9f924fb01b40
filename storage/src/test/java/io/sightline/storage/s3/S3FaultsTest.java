package io.sightline.storage.s3;

import static io.sightline.storage.s3.StrictS3.error;
import static io.sightline.storage.testing.Waiting.await;
import static io.sightline.storage.testing.Waiting.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.storage.ObjectStore;
import io.sightline.storage.ObjectStream;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import io.sightline.storage.testing.BlockStream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a bucket can do to a store. */
class S3FaultsTest {

  private static final String TYPE = "video/mp4";
  private static final S3Location PLACE = S3Location.parse("s3://strict/x");
  private static final Bucket.Patience LITTLE =
      new Bucket.Patience(
          Duration.ofSeconds(2),
          Duration.ofMillis(300),
          Duration.ofSeconds(20),
          Duration.ofSeconds(50));

  private Vertx vertx;
  private StrictS3 server;
  private ObjectStore store;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    server = new StrictS3(vertx);
    store = await(S3ObjectStore.open(vertx, PLACE, server.access()));
    server.requests().clear();
  }

  @AfterEach
  void close() {
    await(store.close());
    server.close();
    await(vertx.close());
  }

  @ParameterizedTest
  @CsvSource({
    "503, SlowDown, Please reduce your request rate.",
    "500, InternalError, We encountered an internal error. Please try again.",
    "503, ServiceUnavailable, Reduce your request rate."
  })
  void anything_throttledOrFailingOnce_isTriedAgain(int status, String code, String message) {
    server.put("x/a", Buffer.buffer("there"));
    for (String kind : List.of("PUT", "GET", "HEAD", "GET list-type", "DELETE")) {
      server.fail(kind, 1, error(status, code, message));
    }

    await(store.put("b", Buffer.buffer("new"), TYPE));
    assertThat(await(store.get("a")).toString()).isEqualTo("there");
    assertThat(await(store.head("a")).sizeBytes()).isEqualTo(5);
    assertThat(await(store.list("", null, 10)).objects()).hasSize(2);
    await(store.delete("a"));

    assertThat(server.names()).containsExactly("x/b");
  }

  @Test
  void put_throttledForLong_failsWithUnavailable() {
    server.fail("PUT", 20, error(503, "SlowDown", "Please reduce your request rate."));

    StorageException failure =
        awaitFailure(Reason.UNAVAILABLE, store.put("a", Buffer.buffer("x"), TYPE));

    assertThat(failure)
        .hasMessage(
            "The bucket 'strict' did not take the object 'x/a': Please reduce your request rate"
                + " (SlowDown, HTTP 503)");
    assertThat(server.requests().size()).isBetween(2, 6);
  }

  @Test
  void anything_accessDenied_namesBucketAndPermission() {
    server.put("x/a", Buffer.buffer("there"));
    for (String kind : List.of("PUT", "GET", "HEAD", "GET list-type", "DELETE")) {
      server.fail(kind, 1, error(403, "AccessDenied", "Access Denied"));
    }

    assertDenied(store.put("a", Buffer.buffer("x"), TYPE), "s3:PutObject", "/x/*");
    assertDenied(store.get("a"), "s3:GetObject", "/x/*");
    assertDenied(store.head("a"), "s3:GetObject", "/x/*");
    assertDenied(store.list("", null, 10), "s3:ListBucket", "");
    assertDenied(store.delete("a"), "s3:DeleteObject", "/x/*");

    assertThat(server.requests()).hasSize(5); // Trying again would not help.
  }

  private static void assertDenied(Future<?> call, String permission, String below) {
    assertThat(awaitFailure(Reason.UNAVAILABLE, call))
        .hasMessageStartingWith("The bucket 'strict' did not ")
        .hasMessageEndingWith(
            "HTTP 403); it needs the permission " + permission + " on arn:aws:s3:::strict" + below);
  }

  @Test
  void anything_wrongCredentials_doesNotAskForPermissions() {
    server.fail("GET", 1, error(403, "SignatureDoesNotMatch", "Check your key."));

    assertThat(awaitFailure(Reason.UNAVAILABLE, store.get("a")))
        .hasMessage(
            "The bucket 'strict' did not give the object 'x/a': Check your key"
                + " (SignatureDoesNotMatch, HTTP 403)");
  }

  @ParameterizedTest
  @CsvSource({
    "GET list-type, s3:ListBucket",
    "PUT, s3:PutObject",
    "GET, s3:GetObject",
    "DELETE, s3:DeleteObject"
  })
  void open_withoutOneOfThePermissions_saysWhich(String kind, String permission) {
    server.fail(kind, 1, error(403, "AccessDenied", "Access Denied"));

    assertThat(awaitFailure(Reason.UNAVAILABLE, S3ObjectStore.open(vertx, PLACE, server.access())))
        .hasMessageContaining("'strict'")
        .hasMessageContaining(permission);
  }

  @Test
  void open_whileAnotherProcessHasJustDeletedItsProbe_succeeds() {
    server.fail("GET", 1, error(404, "NoSuchKey", "The specified key does not exist."));

    await(await(S3ObjectStore.open(vertx, PLACE, server.access())).close());
  }

  @Test
  void open_nobodyListens_failsWithUnavailable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    S3Access nobody = new S3Access("eu-west-1", "http://127.0.0.1:" + port, true);

    assertThat(awaitFailure(Reason.UNAVAILABLE, S3ObjectStore.open(vertx, PLACE, nobody)))
        .hasMessageContaining("'strict'")
        .hasMessageContaining("onnect");
  }

  @Test
  void put_serverThatNeverAnswers_isTriedAgainAndThenFails() {
    ObjectStore hasty = await(S3ObjectStore.open(vertx, PLACE, server.access(), LITTLE));
    server.requests().clear();
    server.fail("PUT", 1, StrictS3.silence());

    await(hasty.put("a", Buffer.buffer("x"), TYPE));
    server.fail("PUT", 20, StrictS3.silence());
    awaitFailure(Reason.UNAVAILABLE, hasty.put("b", Buffer.buffer("x"), TYPE));

    assertThat(server.names()).containsExactly("x/a");
    await(hasty.close());
  }

  @Test
  void getAndRead_connectionResetInTheMiddle_goOnFromThere() {
    Buffer content = bytes(3_000_000);
    server.put("x/a", content);

    server.fail("GET", 1, server.breakOffAfter(1_000_001));
    assertThat(await(store.get("a"))).isEqualTo(content);
    server.fail("GET", 2, server.breakOffAfter(500_000));
    assertThat(await(store.read("a", 7, 2_000_000).compose(S3FaultsTest::collect)))
        .isEqualTo(content.slice(7, 2_000_007));

    assertThat(server.requests().stream().filter("GET"::equals).count()).isEqualTo(5);
  }

  @Test
  void read_resetAndReplacedMeanwhile_failsInsteadOfMixing() {
    server.put("x/a", bytes(3_000_000));
    StrictS3.Fault reset = server.breakOffAfter(100_000);
    server.fail(
        "GET",
        1,
        request -> {
          reset.play(request);
          server.put("x/a", bytes(3_000_001));
        });

    assertThat(awaitFailure(Reason.UNAVAILABLE, store.get("a")))
        .hasMessageContaining("PreconditionFailed");
  }

  @Test
  void get_resetAgainAndAgain_failsWithUnavailable() {
    server.put("x/a", bytes(3_000_000));
    server.fail("GET", 50, server.breakOffAfter(0));

    awaitFailure(Reason.UNAVAILABLE, store.get("a"));

    assertThat(server.requests()).hasSizeLessThan(10);
  }

  @Test
  void read_pausedUntilTheServerGivesUp_goesOnWhereItWas() {
    Buffer content = bytes(3_000_000);
    server.put("x/a", content);
    server.fail("GET", 1, server.breakOffAfter(300_000));
    ObjectStream stream = await(store.read("a", 0, -1));
    Promise<Buffer> first = Promise.promise();
    Buffer all = Buffer.buffer();
    stream.handler(
        block -> {
          all.appendBuffer(block);
          first.tryComplete(block);
        });
    stream.fetch(1);
    await(first.future());
    await(store.list("", null, 1)); // By now the connection has been reset.

    Promise<Void> end = Promise.promise();
    stream.exceptionHandler(end::tryFail);
    stream.endHandler(none -> end.tryComplete());
    stream.resume();
    await(end.future());

    assertThat(all).isEqualTo(content);
  }

  @Test
  void read_closedEarly_closesTheConnection() {
    server.put("x/a", bytes(100_000_000));

    ObjectStream stream = await(store.read("a", 0, -1));
    await(stream.close());

    while (!server.requests().contains("broken by the client")) {
      await(store.list("", null, 1));
    }
  }

  @Test
  void get_serverThatIgnoresRanges_failsInsteadOfGivingOtherBytes() {
    server.put("x/a", Buffer.buffer("0123456789"));
    server.fail(
        "GET", 1, request -> request.response().putHeader("ETag", "\"1\"").end("0123456789"));

    assertThat(awaitFailure(Reason.UNAVAILABLE, store.get("a", 3, 4)))
        .hasMessageContaining("another range");
  }

  @Test
  void put_partRefused_givesUpTheUploadAndTellsWhy() {
    server.fail("PUT partNumber", 1, error(403, "AccessDenied", "Access Denied"));

    assertThat(awaitFailure(Reason.UNAVAILABLE, store.put("a", stream(20_000_000), TYPE)))
        .hasMessageContaining("did not take a part of the object 'x/a'")
        .hasMessageContaining("s3:PutObject");

    assertThat(server.uploads()).isZero();
    assertThat(server.names()).isEmpty();
  }

  @Test
  void put_partThrottled_isTriedAgain() {
    server.fail("PUT partNumber", 2, error(503, "SlowDown", "Please reduce your request rate."));

    assertThat(await(store.put("a", stream(20_000_000), TYPE))).isEqualTo(20_000_000);

    assertThat(await(store.get("a"))).isEqualTo(bytes(20_000_000));
    assertThat(server.uploads()).isZero();
  }

  @Test
  void put_puttingTogetherFails_givesUpTheUpload() {
    server.fail("POST uploadId", 1, error(400, "InvalidPart", "One could not be found."));

    assertThat(awaitFailure(Reason.UNAVAILABLE, store.put("a", stream(20_000_000), TYPE)))
        .hasMessageContaining("InvalidPart");

    assertThat(server.uploads()).isZero();
  }

  /** S3 API Reference, "CompleteMultipartUpload": an answer that has begun may be an error yet. */
  @Test
  void put_puttingTogetherFailsInAnAnswerOfSuccess_isNoSuccess() {
    server.fail("POST uploadId", 20, error(200, "InternalError", "Please try again."));

    awaitFailure(Reason.UNAVAILABLE, store.put("a", stream(20_000_000), TYPE));

    assertThat(server.names()).isEmpty();
    assertThat(server.uploads()).isZero();
  }

  @Test
  void put_givingUpFailsToo_tellsOfTheFirstFailure() {
    server.fail("PUT partNumber", 1, error(403, "AccessDenied", "Access Denied"));
    server.fail("DELETE uploadId", 1, error(403, "AccessDenied", "Access Denied"));

    assertThat(awaitFailure(Reason.UNAVAILABLE, store.put("a", stream(20_000_000), TYPE)))
        .hasMessageContaining("did not take a part of the object 'x/a'");

    assertThat(server.uploads()).isOne();
    await(store.put("a", stream(20_000_000), TYPE));
    assertThat(server.names()).containsExactly("x/a");
  }

  @Test
  void close_whileAStreamIsStored_givesItUp() {
    Promise<Void> asked = Promise.promise();
    BlockStream endless =
        new BlockStream(vertx.getOrCreateContext(), Collections.nCopies(300, bytes(1 << 20)), null);
    server.fail(
        "PUT partNumber",
        1,
        request -> {
          asked.complete();
          request.response().putHeader("ETag", "\"1\"").end();
        });
    Future<Long> stored = store.put("a", endless, TYPE);
    await(asked.future());

    await(store.close());

    awaitFailure(Reason.UNAVAILABLE, stored);
    assertThat(server.uploads()).isZero();
    assertThat(server.names()).isEmpty();
  }

  private BlockStream stream(int size) {
    return new BlockStream(vertx.getOrCreateContext(), List.of(bytes(size)), null);
  }

  private static Buffer bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Buffer.buffer(bytes);
  }

  private static Future<Buffer> collect(ObjectStream stream) {
    Promise<Buffer> whole = Promise.promise();
    Buffer all = Buffer.buffer();
    stream.handler(all::appendBuffer);
    stream.exceptionHandler(whole::tryFail);
    stream.endHandler(none -> whole.tryComplete(all));
    stream.resume();
    return whole.future();
  }
}
