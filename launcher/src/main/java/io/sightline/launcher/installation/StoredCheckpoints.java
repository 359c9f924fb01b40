package io.sightline.launcher.installation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sightline.bus.BusException;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.TransientException;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Checkpoints in the record store. What is too large for an item lies in an object named by its
 * content, so that an owner that lags behind cannot write into the checkpoint of the one that
 * follows it.
 */
public final class StoredCheckpoints implements Checkpoints {

  private static final int MAX_INLINE_BYTES = 40_000;
  private static final long TIMEOUT_SECONDS = 60;

  private final RecordStore records;
  private final ObjectStore objects;

  /** Exactly one of the two is present. */
  private record Item(
      @JsonProperty("content") byte[] content, @JsonProperty("object") String object) {}

  public StoredCheckpoints(RecordStore records, ObjectStore objects) {
    this.records = records;
    this.objects = objects;
  }

  @Override
  public Optional<Stored> load(String group, int partition) {
    // An object may be replaced between the two reads; then the item names the new one.
    StorageException gone = null;
    for (int attempt = 0; attempt < 3; attempt++) {
      try {
        Optional<StoredRecord> held = held(group, partition);
        if (held.isEmpty()) {
          return Optional.empty();
        }
        Item item = Json.decode(held.get().value(), Item.class);
        byte[] content =
            item.object() == null
                ? item.content()
                : await(objects.get(item.object()), "read the checkpoint").getBytes();
        return Optional.of(new Stored(content, held.get().version()));
      } catch (StorageException e) {
        gone = e;
      }
    }
    throw new TransientException("The checkpoint of " + group + " cannot be read", gone);
  }

  @Override
  public long save(String group, int partition, byte[] content, long version) {
    try {
      Optional<String> before = objectOf(group, partition);
      Item item = store(group, partition, content);
      long next =
          await(
              records.putIf(
                  StoreKeys.checkpoints(group), sort(partition), Json.encode(item), null, version),
              "store the checkpoint");
      if (before.isPresent() && !before.get().equals(item.object())) {
        await(objects.delete(before.get()), "delete the checkpoint before");
      }
      return next;
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.CONFLICT) {
        throw new BusException(
            BusException.Reason.FENCED,
            "Partition " + partition + " of " + group + " has another owner by now",
            e);
      }
      throw new TransientException("The checkpoint of " + group + " cannot be stored", e);
    }
  }

  private Item store(String group, int partition, byte[] content) {
    if (content.length <= MAX_INLINE_BYTES) {
      return new Item(content, null);
    }
    String key = "checkpoints/" + group + "/" + sort(partition) + "/" + Ids.digest(content);
    await(
        objects.put(key, Buffer.buffer(content), "application/octet-stream"),
        "store the checkpoint");
    return new Item(null, key);
  }

  private Optional<String> objectOf(String group, int partition) {
    return held(group, partition).map(record -> Json.decode(record.value(), Item.class).object());
  }

  private Optional<StoredRecord> held(String group, int partition) {
    try {
      return Optional.of(
          await(records.get(StoreKeys.checkpoints(group), sort(partition)), "read the checkpoint"));
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String sort(int partition) {
    return String.format("%05d", partition);
  }

  private static <T> T await(Future<T> future, String what) {
    try {
      return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StorageException(
          StorageException.Reason.UNAVAILABLE,
          "Storage took longer than " + TIMEOUT_SECONDS + " s to " + what,
          e);
    }
  }
}
