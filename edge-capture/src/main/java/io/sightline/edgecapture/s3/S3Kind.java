package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.InputOpener;
import io.sightline.edgecapture.SourceKind;
import io.sightline.edgecapture.SourceRequest;
import io.sightline.media.MediaException;
import io.sightline.media.source.PacketSource;

/** {@code s3://bucket/prefix?queue=QUEUE-URL&region=eu-west-1}: objects as they come. */
public final class S3Kind implements SourceKind {

  @Override
  public String scheme() {
    return "s3";
  }

  @Override
  public void check(String url) {
    S3Address.parse(url);
  }

  @Override
  public InputOpener opener(SourceRequest request) {
    return new S3Input(S3Address.parse(request.url()), request);
  }

  @Override
  public boolean inPieces() {
    return true;
  }

  @Override
  public PacketSource look(SourceRequest request) throws MediaException, InterruptedException {
    return FetchedSource.newest(S3Address.parse(request.url()), request.options());
  }
}
