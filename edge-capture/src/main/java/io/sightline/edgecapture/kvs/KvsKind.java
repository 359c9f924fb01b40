package io.sightline.edgecapture.kvs;

import io.sightline.edgecapture.InputOpener;
import io.sightline.edgecapture.SourceKind;
import io.sightline.edgecapture.SourceRequest;

/** {@code kvs://name?region=eu-west-1}: the video that comes into a Kinesis video stream. */
public final class KvsKind implements SourceKind {

  @Override
  public String scheme() {
    return "kvs";
  }

  @Override
  public void check(String url) {
    KvsAddress.parse(url);
  }

  @Override
  public InputOpener opener(SourceRequest request) {
    return new KvsInput(KvsAddress.parse(request.url()), request.options());
  }
}
