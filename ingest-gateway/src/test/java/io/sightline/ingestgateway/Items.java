package io.sightline.ingestgateway;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.InitPart;
import io.sightline.records.Json;
import io.sightline.records.Marker;
import io.sightline.records.Profile;
import io.sightline.records.StreamItem;
import io.sightline.records.TrackInfo;
import io.vertx.core.buffer.Buffer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/** Items of one epoch as an agent makes them. */
record Items(String stream, String epoch, String run, long start) {

  static final byte[] JPEG = jpeg(64, 48);
  private static final byte[] INIT = box("ftyp", 40);

  static Items of(String stream, long start) {
    return new Items(stream, Ids.epoch(start, "local"), "live", start);
  }

  Buffer begin(Profile profile) {
    return message(Marker.begin(stream, epoch, run, 0, start, profile), new byte[0]);
  }

  Buffer end(long sequence, long position) {
    return message(
        Marker.end(stream, epoch, run, sequence, position, "The source ended.", 1234), new byte[0]);
  }

  Buffer frame(long sequence) {
    return message(frameInfo(sequence, JPEG.length, 64, 48), JPEG);
  }

  FrameInfo frameInfo(long sequence, int size, int width, int height) {
    return new FrameInfo(
        stream, epoch, run, sequence, start + sequence * 1000, start, width, height, size, true);
  }

  String initKey() {
    return Ids.initKey(stream, epoch, 1, Ids.digest(INIT));
  }

  Buffer init(long sequence) {
    return message(new InitPart(stream, epoch, run, sequence, start, 1, initKey()), INIT);
  }

  Buffer chunk(long sequence, int size) {
    byte[] content = box("moof", size);
    return message(
        chunkInfo(sequence, size, Ids.chunkKey(stream, epoch, sequence), initKey()), content);
  }

  ChunkInfo chunkInfo(long sequence, int size, String key, String initKey) {
    return new ChunkInfo(
        stream,
        epoch,
        run,
        sequence,
        start + sequence * 2_000_000,
        2_000_000,
        start,
        key,
        size,
        List.of(
            new TrackInfo(
                1,
                TrackInfo.Kind.VIDEO,
                "avc1.64001f",
                initKey,
                90_000,
                0,
                64,
                48,
                null,
                0,
                0,
                null)),
        List.of(new Fragment(1, start + sequence * 2_000_000, 90_000, 180_000, 0, size, true)));
  }

  static Buffer message(StreamItem item, byte[] payload) {
    return message(Json.encode(item), payload);
  }

  static Buffer message(byte[] header, byte[] payload) {
    return Buffer.buffer().appendInt(header.length).appendBytes(header).appendBytes(payload);
  }

  static byte[] box(String type, int size) {
    return Buffer.buffer(new byte[size]).setInt(0, size).setString(4, type).getBytes();
  }

  static byte[] jpeg(int width, int height) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "jpg", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
