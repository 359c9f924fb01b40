package io.sightline.ingestgateway.recordings;

import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Future;
import java.util.function.Predicate;

/** Deletes what lies in a folder of objects. */
final class StoredFolder {

  private static final int LISTED = 1000;

  private StoredFolder() {}

  /**
   * Deletes objects one after another, so that intake finds the disk free.
   *
   * @param folder ends with a slash
   * @param goes by key
   */
  static Future<Void> delete(ObjectStore objects, String folder, Predicate<String> goes) {
    return delete(objects, folder, null, goes);
  }

  private static Future<Void> delete(
      ObjectStore objects, String folder, String after, Predicate<String> goes) {
    return objects
        .list(folder, after, LISTED)
        .compose(
            page -> {
              Future<Void> deleted = Future.succeededFuture();
              for (ObjectInfo object : page.objects()) {
                if (goes.test(object.key())) {
                  deleted = deleted.compose(v -> objects.delete(object.key()));
                }
              }
              return page.next() == null
                  ? deleted
                  : deleted.compose(v -> delete(objects, folder, page.next(), goes));
            });
  }
}
