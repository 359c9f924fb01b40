package io.sightline.storage.s3;

import static io.sightline.storage.testing.Waiting.await;

import io.sightline.storage.ObjectStore;
import io.sightline.storage.testing.ObjectRacesContract;
import io.sightline.storage.testing.StoreOpener;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract against a server whose objects are replaced as a whole, as Amazon's are. */
class StrictS3StoreTest extends ObjectRacesContract {

  private static Vertx servers;
  private StrictS3 server;

  @BeforeAll
  static void start() {
    servers = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    await(servers.close());
  }

  @Override
  protected StoreOpener<ObjectStore> opener() {
    return new S3ObjectStoreTest.Opener();
  }

  /** Its server goes away with the Vert.x above. */
  @Override
  protected String place() {
    if (server == null) {
      server = new StrictS3(servers);
    }
    return server.endpoint() + " s3://" + StrictS3.BUCKET + "/sightline";
  }
}
