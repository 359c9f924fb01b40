package io.sightline.edgecapture.aws;

import java.util.HashMap;
import java.util.Map;

/** The SDK's settings of this process, put back at the end. */
public final class AwsProperties implements AutoCloseable {

  private final Map<String, String> before = new HashMap<>();

  /** Some that no server here looks at. */
  public AwsProperties credentials() {
    return set("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE").set("aws.secretAccessKey", "no-secret");
  }

  public AwsProperties set(String name, String value) {
    before.putIfAbsent(name, String.valueOf(System.getProperty(name)));
    System.setProperty(name, value);
    return this;
  }

  public AwsProperties clear(String name) {
    before.putIfAbsent(name, String.valueOf(System.getProperty(name)));
    System.clearProperty(name);
    return this;
  }

  @Override
  public void close() {
    before.forEach(
        (name, value) -> {
          if (value.equals("null")) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
    before.clear();
  }
}
