package io.sightline.edgecapture.kinesis;

import io.sightline.edgecapture.BatchService;
import io.sightline.edgecapture.SinkKind;

/** Data streams, by URLs such as {@code kinesis://frames?region=eu-central-1}. */
public final class KinesisKind implements SinkKind {

  static final String EXAMPLE = "kinesis://frames?region=eu-central-1";

  @Override
  public String scheme() {
    return "kinesis";
  }

  @Override
  public String example() {
    return EXAMPLE;
  }

  @Override
  public BatchService service(String url) {
    return new KinesisService(KinesisUrl.parse(url));
  }
}
