package io.sightline.replay;

import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectPage;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Deletes all objects of a folder. Blocking. */
final class StoredFolder {

  private static final long TIMEOUT_SECONDS = 120;
  private static final int LISTED = 1000;

  private StoredFolder() {}

  /**
   * @param folder with a slash at its end
   */
  static void delete(ObjectStore objects, String folder) throws TimeoutException {
    String after = null;
    do {
      ObjectPage page = await(objects.list(folder, after, LISTED));
      for (ObjectInfo object : page.objects()) {
        await(objects.delete(object.key()));
      }
      after = page.next();
    } while (after != null);
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
