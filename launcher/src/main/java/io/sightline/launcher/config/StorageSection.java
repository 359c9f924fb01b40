package io.sightline.launcher.config;

/**
 * Where bytes and facts are kept.
 *
 * @param objects {@code disk}
 * @param records {@code sqlite}
 */
public record StorageSection(String objects, String records) {

  public StorageSection {
    objects = objects == null ? "disk" : objects;
    records = records == null ? "sqlite" : records;
    if (!objects.equals("disk")) {
      throw new IllegalArgumentException("expected 'disk' for objects, found '" + objects + "'");
    }
    if (!records.equals("sqlite")) {
      throw new IllegalArgumentException("expected 'sqlite' for records, found '" + records + "'");
    }
  }
}
