package io.sightline.launcher.installation;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.Topics;
import io.sightline.bus.Writer;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.StorageSection;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.SqliteRecordStore;
import io.sightline.storage.s3.S3ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the roles of one installation share in this process: stores, writer, secrets. Opened before
 * the roles, closed after them.
 */
public final class Installation {

  private final Vertx vertx;
  private final Configuration configuration;
  private final Folders folders;
  private final Secrets secrets;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Checkpoints checkpoints;
  private final String ownToken = Secrets.random();

  private BusConfig bus;
  private BusWriter writer;

  private Installation(
      Vertx vertx,
      Configuration configuration,
      Folders folders,
      Secrets secrets,
      ObjectStore objects,
      RecordStore records) {
    this.vertx = vertx;
    this.configuration = configuration;
    this.folders = folders;
    this.secrets = secrets;
    this.objects = objects;
    this.records = records;
    this.checkpoints = new StoredCheckpoints(records, objects);
  }

  /**
   * Opens the stores; makes the data folder when it is missing. Call from a plain thread.
   *
   * @return fails with RequestException when the bucket of objects cannot be used
   * @throws RequestException when the data folder cannot be used
   */
  public static Future<Installation> open(Vertx vertx, Configuration configuration)
      throws RequestException {
    return open(vertx, configuration, DiskObjectStore::open);
  }

  /**
   * Opens stores in a data folder that goes away with this process: objects on disk outlive a kill,
   * not a loss of power. Call from a plain thread.
   *
   * @return fails with RequestException when the bucket of objects cannot be used
   * @throws RequestException when the data folder cannot be used
   */
  public static Future<Installation> openForAWhile(Vertx vertx, Configuration configuration)
      throws RequestException {
    return open(vertx, configuration, DiskObjectStore::openForAWhile);
  }

  /**
   * Opens the objects alone.
   *
   * @return fails with RequestException when their bucket cannot be used
   */
  public static Future<ObjectStore> openObjects(
      Vertx vertx, StorageSection storage, Folders folders) {
    return openObjects(vertx, storage, folders, DiskObjectStore::open);
  }

  private static Future<Installation> open(
      Vertx vertx, Configuration configuration, DiskOpener disk) throws RequestException {
    Folders folders = new Folders(configuration.data());
    Secrets secrets = secrets(folders.data());
    return openObjects(vertx, configuration.storage(), folders, disk)
        .compose(
            objects ->
                SqliteRecordStore.open(vertx, folders.records())
                    .map(
                        records ->
                            new Installation(
                                vertx, configuration, folders, secrets, objects, records)));
  }

  private static Future<ObjectStore> openObjects(
      Vertx vertx, StorageSection storage, Folders folders, DiskOpener disk) {
    if (storage.bucket().isEmpty()) {
      return disk.open(vertx, folders.objects()).map(opened -> opened);
    }
    return S3ObjectStore.open(vertx, storage.bucket().get(), storage.access())
        .<ObjectStore>map(opened -> opened)
        .recover(
            e ->
                Future.failedFuture(
                    new RequestException(e.getMessage() + " (key 'storage.objects')", e)));
  }

  /** Connects to Kafka: makes the topics that are missing, and opens the writer. */
  public Future<Void> connect(BusConfig config) {
    bus = config;
    return BusWriter.open(vertx, config, Topics.ensure(vertx, config))
        .onSuccess(opened -> writer = opened)
        .mapEmpty();
  }

  public Vertx vertx() {
    return vertx;
  }

  public Configuration configuration() {
    return configuration;
  }

  public Folders folders() {
    return folders;
  }

  public Secrets secrets() {
    return secrets;
  }

  /** What parts of this process show each other: made at its start, told to nobody. */
  public String ownToken() {
    return ownToken;
  }

  public ObjectStore objects() {
    return objects;
  }

  public RecordStore records() {
    return records;
  }

  public Checkpoints checkpoints() {
    return checkpoints;
  }

  /** How Kafka was reached by {@link #connect}. */
  public BusConfig bus() {
    return bus;
  }

  public Writer writer() {
    return writer;
  }

  /** Writes what waits, then closes the stores. */
  public Future<Void> close() {
    Future<Void> written = writer == null ? Future.succeededFuture() : writer.close();
    return written.eventually(records::close).eventually(objects::close);
  }

  private static Secrets secrets(Path data) throws RequestException {
    try {
      Files.createDirectories(data);
      return Secrets.of(data);
    } catch (IOException e) {
      throw new RequestException(
          "Cannot use the data folder " + data + ": " + e.getMessage() + " (key 'data')", e);
    }
  }

  private interface DiskOpener {
    Future<DiskObjectStore> open(Vertx vertx, Path folder);
  }
}
