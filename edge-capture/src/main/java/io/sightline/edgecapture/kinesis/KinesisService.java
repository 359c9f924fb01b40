package io.sightline.edgecapture.kinesis;

import io.sightline.edgecapture.BatchService;
import io.sightline.edgecapture.aws.AwsClients;
import io.sightline.edgecapture.aws.AwsFailures;
import io.sightline.media.MediaException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.KinesisClientBuilder;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * One data stream. An item is a record, its partition key the name of the item's stream, so that a
 * stream's items lie on one shard.
 *
 * <p>PutRecords keeps no order among the records of a call, and goes on after one that failed (API
 * reference, PutRecords). So only those at the front count as taken that did not fail and whose
 * sequence numbers rise; the caller sends the rest again. There are no retries but the caller's.
 */
final class KinesisService implements BatchService {

  /** API reference, PutRecords: records of a request. */
  private static final int MAX_CALL_RECORDS = 500;

  /**
   * A request may have 10 MiB with its partition keys (API reference, PutRecords), but all of it
   * goes to one shard, and that takes 1 MB a second: what is beyond that fails and is sent again. A
   * larger record goes alone.
   */
  private static final int CALL_BYTES = 1 << 20;

  private static final int KIB = 1_024;

  private final KinesisUrl url;
  private final Supplier<KinesisClientBuilder> builder;
  private KinesisClient client;

  KinesisService(KinesisUrl url) {
    this(url, KinesisClient::builder);
  }

  /**
   * @param builder gives what the client is made with, beside what holds for all clients
   */
  KinesisService(KinesisUrl url, Supplier<KinesisClientBuilder> builder) {
    this.url = url;
    this.builder = builder;
  }

  @Override
  public String name() {
    return "the " + title();
  }

  private String title() {
    return "Kinesis data stream '" + url.name() + "'";
  }

  @Override
  public int maxCallItems() {
    return MAX_CALL_RECORDS;
  }

  @Override
  public int maxCallBytes(String stream) {
    return Math.max(CALL_BYTES, url.maxRecordKiB() * KIB);
  }

  @Override
  public int maxItemBytes(String stream) {
    // The limit holds for the blob and the partition key together; names of streams are ASCII.
    return url.maxRecordKiB() * KIB - stream.length();
  }

  @Override
  public int sizeInCall(String stream, int itemBytes) {
    return itemBytes + stream.length();
  }

  @Override
  public Result put(String stream, List<byte[]> items) {
    List<PutRecordsRequestEntry> records = new ArrayList<>(items.size());
    for (byte[] item : items) {
      records.add(
          PutRecordsRequestEntry.builder()
              .partitionKey(stream)
              .data(SdkBytes.fromByteArrayUnsafe(item))
              .build());
    }
    try {
      return result(
          items.size(), client().putRecords(call -> call.streamName(url.name()).records(records)));
    } catch (SdkException e) {
      MediaException failure = AwsFailures.of("The " + title() + " took nothing", e);
      boolean personNeeded =
          failure.reason() == MediaException.Reason.UNAUTHORIZED
              || failure.reason() == MediaException.Reason.NOT_FOUND;
      return new Result(0, failure.getMessage(), personNeeded);
    }
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private Result result(int sent, PutRecordsResponse answer) {
    List<PutRecordsResultEntry> entries = answer.records();
    if (entries.size() != sent) {
      return new Result(
          0, name() + " answered " + entries.size() + " records, but was sent " + sent, false);
    }
    BigInteger last = BigInteger.ONE.negate();
    for (int n = 0; n < sent; n++) {
      PutRecordsResultEntry entry = entries.get(n);
      if (entry.errorCode() != null) {
        return new Result(
            n, "The " + title() + " did not take all records: " + entry.errorCode(), false);
      }
      BigInteger number = number(entry);
      if (number.compareTo(last) <= 0) {
        return new Result(n, "The " + title() + " did not keep the order of the records", false);
      }
      last = number;
    }
    return new Result(sent, null, false);
  }

  /** Below all others when it is none. */
  private static BigInteger number(PutRecordsResultEntry entry) {
    String text = entry.sequenceNumber();
    return text != null && text.matches("\\d{1,200}")
        ? new BigInteger(text)
        : BigInteger.ONE.negate();
  }

  private synchronized KinesisClient client() {
    if (client == null) {
      KinesisClientBuilder made = AwsClients.set(builder.get(), url.region());
      made.overrideConfiguration(
          made.overrideConfiguration()
              .copy(limits -> limits.retryStrategy(DefaultRetryStrategy.doNotRetry())));
      client = made.build();
    }
    return client;
  }
}
