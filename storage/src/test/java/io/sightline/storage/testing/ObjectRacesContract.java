package io.sightline.storage.testing;

import static io.sightline.storage.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.storage.ObjectStore;
import io.sightline.storage.ObjectStream;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ObjectStore} keeps to, also when several write, read and delete the same at
 * once. S3 replaces objects as a whole; S3Mock overwrites files in place, so it cannot show this.
 */
public abstract class ObjectRacesContract extends ObjectStoreContract {

  @Test
  void read_objectReplacedOnTheWay_givesOneOfThemWhole() {
    byte[] old = Content.of(1, 2_000_000);
    await(store.put("a", Buffer.buffer(old), TYPE));
    ObjectStream stream = await(store.read("a", 0, -1));

    await(store.put("a", Buffer.buffer(Content.of(2, 2_000_000)), TYPE));

    assertThat(await(collect(stream)).getBytes()).isEqualTo(old);
  }

  @Test
  void put_sameKeyByMany_leavesOneOfThemWholeAndReadersSeeWholeOnes() {
    Content.Range sizes = new Content.Range(0, 200_000);
    await(store.put("a/b", Buffer.buffer(Content.of(0, sizes)), TYPE));

    List<Future<Void>> writes = new ArrayList<>();
    List<Future<Buffer>> reads = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      writes.add(store.put("a/b", Buffer.buffer(Content.of(i, sizes)), TYPE));
      reads.add(store.get("a/b"));
    }

    await(Future.all(writes));
    await(Future.all(reads));
    reads.forEach(read -> Content.numberOf(read.result().getBytes(), sizes));
    Content.numberOf(await(store.get("a/b")).getBytes(), sizes);
  }

  @Test
  void putAndDelete_sideBySideInOneFolder_neverFail() {
    List<Future<Void>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String key = "deep/down/here/" + i % 3;
      all.add(store.put(key, Buffer.buffer("x"), TYPE).compose(none -> store.delete(key)));
    }

    await(Future.all(all));

    assertThat(keys("")).isEmpty();
  }
}
