package io.sightline.edgecapture.kinesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.sightline.edgecapture.BatchService;
import io.sightline.records.Json;
import io.sightline.records.StreamItem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * One data stream behind an HTTP server on loopback, as strict as the API reference: names, limits
 * and signatures are looked at, records lie on shards by the MD5 of their partition keys, and calls
 * go wrong as a test wants it. What a client should not have done is a breach.
 */
public final class KinesisServer implements AutoCloseable {

  public static final String NAME = "frames";
  public static final String REGION = "eu-central-1";
  public static final String KEY = "AKIDTEST";
  public static final String SECRET = "secret-of-the-test";

  /** What is done with one call. */
  public enum Fate {
    TAKEN,
    /** Some of the records fail, others after them do not. */
    SOME_FAIL,
    /** Every record is taken, the later ones before the earlier ones. */
    DISORDERED,
    THROTTLED,
    INTERNAL_FAILURE,
    FORBIDDEN,
    /** The connection is reset before anything was done. */
    RESET_BEFORE,
    /** All was done, but the answer does not arrive. */
    RESET_AFTER
  }

  /** A record as it lies on its shard. */
  public record Stored(String shard, BigInteger number, String partitionKey, byte[] data) {

    /** The header of the envelope. */
    public StreamItem item() {
      return Json.decode(header(), StreamItem.class);
    }

    public byte[] header() {
      byte[] header = new byte[ByteBuffer.wrap(data).getInt()];
      ByteBuffer.wrap(data).position(Integer.BYTES).get(header);
      return header;
    }

    public byte[] payload() {
      int at = Integer.BYTES + ByteBuffer.wrap(data).getInt();
      byte[] payload = new byte[data.length - at];
      ByteBuffer.wrap(data).position(at).get(payload);
      return payload;
    }
  }

  private static final int SHARDS = 4;
  private static final int MAX_RECORDS = 500;
  private static final int MAX_CALL_BYTES = 10 << 20;
  private static final BigInteger KEYS = BigInteger.ONE.shiftLeft(128);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/kinesis/aws4_request, "
              + "SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");
  private static final CBORMapper CBOR = new CBORMapper();

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final int maxRecordBytes;

  // Guarded by this.
  private final Map<String, List<Stored>> shards = new LinkedHashMap<>();
  private final List<String> breaches = new ArrayList<>();
  private final List<Integer> callSizes = new ArrayList<>();
  private IntFunction<Fate> fates = call -> Fate.TAKEN;
  private int calls;
  private long numbers = 1_000;

  public KinesisServer() throws Exception {
    this(1 << 20);
  }

  /**
   * @param maxRecordBytes what the data stream is configured to take
   */
  public KinesisServer(int maxRecordBytes) throws Exception {
    this.maxRecordBytes = maxRecordBytes;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
            .listen(0, "127.0.0.1")
            .await(30, TimeUnit.SECONDS);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** The sink's side of it, through the SDK's own client. */
  public BatchService service(String url) {
    return new KinesisService(
        KinesisUrl.parse(url),
        () ->
            KinesisClient.builder()
                .endpointOverride(uri())
                .credentialsProvider(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET))));
  }

  public BatchService service() {
    return service("kinesis://" + NAME + "?region=" + REGION);
  }

  /** From now on calls go as this says, by their number from 0. */
  public synchronized void fates(IntFunction<Fate> wanted) {
    fates = wanted;
    calls = 0;
  }

  public synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  public synchronized int calls() {
    return calls;
  }

  /** How many records each call had. */
  public synchronized List<Integer> callSizes() {
    return List.copyOf(callSizes);
  }

  /** All records with a partition key, in the order of their shards. */
  public synchronized List<Stored> stored(String partitionKey) {
    return shards.values().stream()
        .flatMap(List::stream)
        .filter(one -> one.partitionKey().equals(partitionKey))
        .toList();
  }

  /**
   * What a reader takes that keeps to the rule: of each epoch the record that follows the last it
   * took, and nothing else.
   */
  public List<Stored> read(String stream) {
    Map<String, Long> next = new HashMap<>();
    List<Stored> taken = new ArrayList<>();
    for (Stored record : stored(stream)) {
      StreamItem item = record.item();
      long expected = next.getOrDefault(item.epoch(), 0L);
      if (item.sequence() == expected) {
        next.put(item.epoch(), expected + 1);
        taken.add(record);
      }
    }
    return taken;
  }

  private synchronized void answer(HttpServerRequest request, Buffer body) {
    Fate fate = fates.apply(calls++);
    try {
      JsonNode call = CBOR.readTree(body.getBytes());
      check(request, call);
      switch (fate) {
        case RESET_BEFORE -> request.connection().close();
        case THROTTLED -> fail(request, 400, "ProvisionedThroughputExceededException");
        case INTERNAL_FAILURE -> fail(request, 500, "InternalFailure");
        case FORBIDDEN -> fail(request, 400, "AccessDeniedException");
        default -> take(request, (ArrayNode) call.get("Records"), fate);
      }
    } catch (IOException | ClassCastException | NullPointerException e) {
      breaches.add("No PutRecords in CBOR: " + e);
      fail(request, 400, "SerializationException");
    }
  }

  private void take(HttpServerRequest request, ArrayNode records, Fate fate) throws IOException {
    callSizes.add(records.size());
    ObjectNode[] results = new ObjectNode[records.size()];
    for (int n = 0; n < records.size(); n++) {
      int at = fate == Fate.DISORDERED ? records.size() - 1 - n : n;
      boolean fails = fate == Fate.SOME_FAIL && (at % 3 == 1 || at == records.size() - 1);
      results[at] = fails ? failed(at) : store(records.get(at));
    }
    if (fate == Fate.RESET_AFTER) {
      request.connection().close();
      return;
    }
    ObjectNode answer = CBOR.createObjectNode();
    answer.put("EncryptionType", "NONE");
    ArrayNode all = answer.putArray("Records");
    int failures = 0;
    for (ObjectNode result : results) {
      all.add(result);
      failures += result.has("ErrorCode") ? 1 : 0;
    }
    answer.put("FailedRecordCount", failures);
    request
        .response()
        .putHeader("Content-Type", "application/x-amz-cbor-1.1")
        .putHeader("x-amzn-RequestId", "request-" + calls)
        .end(Buffer.buffer(CBOR.writeValueAsBytes(answer)));
  }

  private static ObjectNode failed(int at) {
    ObjectNode failed = CBOR.createObjectNode();
    failed.put(
        "ErrorCode", at % 2 == 0 ? "ProvisionedThroughputExceededException" : "InternalFailure");
    failed.put("ErrorMessage", "Rate exceeded for shard in stream frames under account 1.");
    return failed;
  }

  private ObjectNode store(JsonNode record) throws IOException {
    String key = record.get("PartitionKey").asText();
    String shard = shard(key);
    BigInteger number = BigInteger.valueOf(numbers++).shiftLeft(100);
    shards
        .computeIfAbsent(shard, one -> new ArrayList<>())
        .add(new Stored(shard, number, key, record.get("Data").binaryValue()));
    ObjectNode stored = CBOR.createObjectNode();
    stored.put("SequenceNumber", number.toString());
    stored.put("ShardId", shard);
    return stored;
  }

  /** PutRecords: an MD5 hash maps partition keys to integers, and those to the shards' ranges. */
  private static String shard(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8));
      BigInteger place = new BigInteger(1, hash).multiply(BigInteger.valueOf(SHARDS)).divide(KEYS);
      return "shardId-00000000000" + place;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void check(HttpServerRequest request, JsonNode call) throws IOException {
    require(request.method().equals(HttpMethod.POST) && request.path().equals("/"), "no POST /");
    String target = request.getHeader("X-Amz-Target");
    require("Kinesis_20131202.PutRecords".equals(target), "target " + target);
    String type = request.getHeader("Content-Type");
    require("application/x-amz-cbor-1.1".equals(type), "type " + type);
    checkSignature(request);
    Set<String> fields = new TreeSet<>();
    call.fieldNames().forEachRemaining(fields::add);
    require(fields.equals(Set.of("StreamName", "Records")), "fields " + fields);
    require(call.path("StreamName").asText().equals(NAME), "name " + call.path("StreamName"));
    JsonNode records = call.get("Records");
    require(records.size() >= 1 && records.size() <= MAX_RECORDS, records.size() + " records");
    int all = 0;
    for (JsonNode record : records) {
      String key = record.path("PartitionKey").asText();
      require(key.length() >= 1 && key.length() <= 256, "partition key '" + key + "'");
      int size =
          record.get("Data").binaryValue().length + key.getBytes(StandardCharsets.UTF_8).length;
      require(size <= maxRecordBytes, "a record of " + size + " bytes");
      all += size;
    }
    require(all <= MAX_CALL_BYTES, "a call of " + all + " bytes");
  }

  private void checkSignature(HttpServerRequest request) {
    String authorization = String.valueOf(request.getHeader("Authorization"));
    Matcher form = AUTHORIZATION.matcher(authorization);
    if (!form.matches()) {
      breaches.add("no signature: " + authorization);
      return;
    }
    String date = String.valueOf(request.getHeader("X-Amz-Date"));
    require(form.group(1).equals(KEY), "key " + form.group(1));
    require(date.startsWith(form.group(2) + "T"), "date " + date);
    require(form.group(3).equals(REGION), "region " + form.group(3));
    List<String> signed = List.of(form.group(4).split(";"));
    require(signed.containsAll(List.of("host", "x-amz-date", "x-amz-target")), "signs " + signed);
    require(HexFormat.of().parseHex(form.group(5)).length == 32, "signature " + form.group(5));
  }

  private void require(boolean right, String otherwise) {
    if (!right) {
      breaches.add(otherwise);
    }
  }

  private static void fail(HttpServerRequest request, int status, String code) {
    ObjectNode error = CBOR.createObjectNode();
    error.put("__type", code);
    error.put("message", "As the test wants it");
    try {
      request
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "application/x-amz-cbor-1.1")
          .end(Buffer.buffer(CBOR.writeValueAsBytes(error)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
