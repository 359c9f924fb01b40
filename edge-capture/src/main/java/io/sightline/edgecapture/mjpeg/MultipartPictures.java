package io.sightline.edgecapture.mjpeg;

import io.sightline.media.MediaException;
import io.sightline.media.picture.JpegHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A camera that sends one answer without an end. */
final class MultipartPictures implements Pictures {

  private final CameraClient client;
  private final CameraAnswer answer;
  private MultipartReader reader;

  MultipartPictures(CameraClient client, CameraAnswer answer) {
    this.client = client;
    this.answer = answer;
  }

  @Override
  public String kind() {
    return "MJPEG over HTTP";
  }

  @Override
  public Arrival next() throws MediaException {
    return client.read(this::part);
  }

  private Arrival part() throws IOException, MediaException {
    if (reader == null) {
      reader =
          new MultipartReader(
              answer.body(), answer.boundary(), MAX_BYTES, MultipartPictures::isWhole);
    }
    return reader.next();
  }

  static boolean isWhole(ByteBuffer jpeg) {
    try {
      JpegHeader.read(jpeg);
      return true;
    } catch (MediaException e) {
      return false;
    }
  }

  /** At once: the rest of an answer without an end is not waited for. */
  @Override
  public void close() {
    client.close();
  }
}
