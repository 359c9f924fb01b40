package io.sightline.launcher.config;

import io.sightline.storage.s3.S3Access;
import io.sightline.storage.s3.S3Location;
import java.util.Optional;

/**
 * Where bytes and facts are kept.
 *
 * @param objects {@code disk}, or {@code s3://bucket/prefix}
 * @param records {@code sqlite}
 * @param s3 how the bucket is reached; null as the environment says, or when there is none
 */
public record StorageSection(String objects, String records, S3Access s3) {

  private static final String DISK = "disk";

  public StorageSection {
    objects = objects == null ? DISK : objects;
    records = records == null ? "sqlite" : records;
    if (!objects.equals(DISK)) {
      requireBucket(objects);
    } else if (s3 != null) {
      throw new IllegalArgumentException(
          "'s3' says how a bucket is reached: set 'objects' to s3://bucket/prefix, or leave 's3'"
              + " out");
    }
    if (!records.equals("sqlite")) {
      throw new IllegalArgumentException("expected 'sqlite' for records, found '" + records + "'");
    }
  }

  /** All of it in the data folder. */
  public static StorageSection inDataFolder() {
    return new StorageSection(null, null, null);
  }

  /** Where in S3 objects are; empty when they are on disk. */
  public Optional<S3Location> bucket() {
    return objects.equals(DISK) ? Optional.empty() : Optional.of(S3Location.parse(objects));
  }

  public S3Access access() {
    return s3 == null ? S3Access.DEFAULT : s3;
  }

  /** The same with objects in a place of their own below the bucket's prefix. */
  public StorageSection below(String name) {
    return new StorageSection(S3Location.parse(objects).url(name), records, s3);
  }

  private static void requireBucket(String objects) {
    if (!objects.startsWith("s3:")) {
      throw new IllegalArgumentException(
          "expected 'disk' or s3://bucket/prefix for objects, found '" + objects + "'");
    }
    S3Location.parse(objects);
  }
}
