package io.sightline.launcher.export;

import io.sightline.media.timeline.TimelineBundle;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** Result files as one zip, written as they come. One thread. */
final class ResultBundle implements ResultFiles, Closeable {

  private final TimelineBundle bundle;

  /** Owns {@code out}. */
  ResultBundle(OutputStream out) {
    bundle = new TimelineBundle(out);
  }

  @Override
  public OutputStream create(String path) throws IOException {
    return bundle.create(path);
  }

  @Override
  public String url(String path) {
    return TimelineBundle.url(path);
  }

  /** Writes the checksums and ends the zip. */
  void finish() throws IOException {
    bundle.finish();
  }

  @Override
  public void close() throws IOException {
    bundle.close();
  }
}
