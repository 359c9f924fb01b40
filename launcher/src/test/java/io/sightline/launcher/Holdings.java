package io.sightline.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.launcher.export.RunResults;
import io.sightline.launcher.installation.Folders;
import io.sightline.records.EpochInfo;
import io.sightline.records.StoreKeys;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectPage;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What a data folder holds of a stream; looked at while others work on it. */
final class Holdings implements AutoCloseable {

  /** Wall-clock times, and how often a connection was made: the only things that may differ. */
  private static final Set<String> OF_THE_MOMENT =
      Set.of("capturedMicros", "raisedMicros", "atMicros", "createdMicros", "fence");

  private static final long SECONDS = 60;

  private final String stream;
  private final Vertx vertx = Vertx.vertx();
  private final RecordStore records;
  private final ObjectStore objects;

  Holdings(Path data, String stream) throws Exception {
    this.stream = stream;
    Folders folders = new Folders(data);
    this.records = await(SqliteRecordStore.open(vertx, folders.records()));
    this.objects = await(DiskObjectStore.open(vertx, folders.objects()));
  }

  /** The run of the file; empty before it has begun. */
  Optional<RunResults> results() throws Exception {
    return await(Records.of(records, EpochInfo.class).all(StoreKeys.epochs(stream), null, null))
        .stream()
        .findFirst()
        .map(epoch -> new RunResults(records, stream, epoch.run()));
  }

  /** All records of a partition, without what depends on the moment. */
  List<String> records(String partition) throws Exception {
    return await(Records.of(records, JsonNode.class).all(partition, null, null)).stream()
        .map(Holdings::lasting)
        .toList();
  }

  /** Keys and sizes of all objects below a prefix. */
  List<String> objects(String prefix) throws Exception {
    List<String> all = new ArrayList<>();
    String after = null;
    do {
      ObjectPage page = await(objects.list(prefix, after, 1_000));
      for (ObjectInfo each : page.objects()) {
        all.add(each.key() + " " + each.sizeBytes());
      }
      after = page.next();
    } while (after != null);
    return all;
  }

  /** A record as text, without what depends on the moment. */
  static String lasting(JsonNode node) {
    JsonNode copy = node.deepCopy();
    if (copy instanceof ObjectNode object) {
      object.remove(OF_THE_MOMENT);
    }
    return copy.toString();
  }

  @Override
  public void close() throws Exception {
    await(records.close().eventually(objects::close));
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(SECONDS, TimeUnit.SECONDS);
  }
}
