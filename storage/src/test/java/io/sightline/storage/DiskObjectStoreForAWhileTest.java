package io.sightline.storage;

import io.sightline.storage.testing.ObjectRacesContract;
import io.sightline.storage.testing.StoreOpener;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What does not outlive a loss of power outlives everything else, kill -9 included. */
class DiskObjectStoreForAWhileTest extends ObjectRacesContract {

  /** Opens stores in a folder. */
  public static final class Opener implements StoreOpener<ObjectStore> {
    @Override
    public Future<? extends ObjectStore> open(Vertx vertx, String place) {
      return DiskObjectStore.openForAWhile(vertx, Path.of(place));
    }
  }

  @TempDir Path folder;

  @Override
  protected StoreOpener<ObjectStore> opener() {
    return new Opener();
  }

  @Override
  protected String place() {
    return folder.resolve("objects").toString();
  }
}
