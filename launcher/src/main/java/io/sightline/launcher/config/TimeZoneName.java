package io.sightline.launcher.config;

import java.time.DateTimeException;
import java.time.ZoneId;

/** A time zone by its IANA name. */
public record TimeZoneName(ZoneId id) {

  @com.fasterxml.jackson.annotation.JsonCreator
  static TimeZoneName of(String name) {
    try {
      return new TimeZoneName(ZoneId.of(name));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "expected a time zone such as Europe/Zurich, found '" + name + "'", e);
    }
  }
}
