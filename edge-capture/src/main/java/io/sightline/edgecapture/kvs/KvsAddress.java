package io.sightline.edgecapture.kvs;

import io.sightline.edgecapture.aws.AwsAddress;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which Kinesis video stream is meant.
 *
 * @param region null for the one of the environment
 */
record KvsAddress(String name, String region) {

  /** As the API reference says for StreamName. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,256}");

  /**
   * @throws IllegalArgumentException with a sentence, when no stream can be called so
   */
  static KvsAddress parse(String url) {
    AwsAddress address = AwsAddress.parse(url, Set.of());
    if (!NAME.matcher(address.name()).matches() || !address.path().isEmpty()) {
      throw new IllegalArgumentException(
          "A Kinesis video stream is named as in kvs://lobby?region=eu-west-1, with letters, digits,"
              + " '_', '.' and '-', not as in '"
              + address.name()
              + (address.path().isEmpty() ? "'" : "/" + address.path() + "'"));
    }
    return new KvsAddress(address.name(), address.region());
  }

  /** For people, without the region. */
  @Override
  public String toString() {
    return "kvs://" + name;
  }
}
