package io.sightline.edgecapture.mjpeg;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sightline.media.MediaException;
import io.sightline.media.picture.JpegHeader;
import io.sightline.media.picture.StandardTables;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a camera sends ends in nothing but the declared exceptions, what is held stays bounded,
 * and the pictures found do not depend on how the network cuts the bytes. See {@code RtmpFuzzTest}
 * for how to run it.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class MultipartFuzzTest {

  private static final int MAX_PART_BYTES = 2_000;
  private static final int MAX_HELD_BYTES = MAX_PART_BYTES + 256 * 1024;

  @FuzzTest(maxDuration = "30m")
  void multipart(FuzzedDataProvider data) {
    String announced = data.consumeBoolean() ? data.consumeAsciiString(12) : null;
    int step = data.consumeInt(1, 64);
    byte[] sent = data.consumeRemainingAsBytes();

    Read small = read(new Drip(sent, step), announced, sent.length);
    Read whole = read(new ByteArrayInputStream(sent), announced, sent.length);

    check(Objects.equals(small.failure, whole.failure), "it fails or not as the network cuts it");
    check(
        small.tooLarge || whole.tooLarge || small.pictures.equals(whole.pictures),
        "the pictures depend on how the network cuts the bytes");
  }

  private static final class Read {
    final List<ByteBuffer> pictures = new ArrayList<>();
    boolean tooLarge;
    String failure;
  }

  private static Read read(InputStream in, String announced, int length) {
    MultipartReader reader =
        new MultipartReader(in, announced, MAX_PART_BYTES, MultipartPictures::isWhole);
    Read read = new Read();
    try {
      int parts = 0;
      for (Arrival arrival; (arrival = reader.next()) != null; ) {
        check(++parts <= length + 1, "more parts than bytes");
        check(reader.heldBytes() < MAX_HELD_BYTES, "too much is held");
        if (arrival.bytes() == null) {
          check(!arrival.damage().isBlank(), "no reason");
          read.tooLarge |= arrival.damage().contains("larger than " + MAX_PART_BYTES);
        } else {
          picture(arrival.bytes(), read.pictures);
        }
      }
    } catch (MediaException e) {
      check(!e.getMessage().isBlank(), "no reason");
      read.failure = e.getMessage();
    } catch (IOException e) {
      throw new AssertionError("Memory does not fail", e);
    }
    return read;
  }

  private static void picture(ByteBuffer bytes, List<ByteBuffer> into) {
    check(bytes.hasRemaining() && bytes.remaining() <= MAX_PART_BYTES + 64 * 1024, "a wrong size");
    try {
      JpegHeader header = JpegHeader.read(bytes);
      bytes.limit(bytes.position() + header.lengthBytes());
      ByteBuffer picture = header.hasTables() ? bytes : StandardTables.into(bytes);
      byte[] copy = new byte[picture.remaining()];
      picture.get(copy);
      into.add(ByteBuffer.wrap(copy));
    } catch (MediaException e) {
      check(!e.getMessage().isBlank(), "no reason");
    }
  }

  /** Assertions in sentences cost more here than what they look at. */
  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private static final class Drip extends ByteArrayInputStream {
    private final int step;

    Drip(byte[] bytes, int step) {
      super(bytes);
      this.step = step;
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) {
      return super.read(into, offset, Math.min(step, length));
    }
  }
}
