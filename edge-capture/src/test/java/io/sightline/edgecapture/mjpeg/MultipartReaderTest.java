package io.sightline.edgecapture.mjpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MultipartReaderTest {

  private static final List<byte[]> PICTURES = TestPictures.jpegs(4);

  /** What a camera sends before, around and after each picture; # is its length. */
  static Stream<Arguments> cameras() {
    String jpeg = "Content-Type: image/jpeg\r\n";
    String both = jpeg + "Content-Length: #\r\n";
    return Stream.of(
        Arguments.of("by the book", "b", "", "--b\r\n" + both + "\r\n", "\r\n", "--b--\r\n"),
        Arguments.of("no length", "b", "", "--b\r\n" + jpeg + "\r\n", "\r\n", "--b--\r\n"),
        Arguments.of("no headers", "b", "", "--b\r\n\r\n", "\r\n", "--b--"),
        Arguments.of("LF alone", "b", "", "--b\nContent-Length: #\n\n", "\n", "--b--\n"),
        Arguments.of("LF, no length", "b", "", "--b\nContent-type:image/jpeg\n\n", "\n", "--b--\n"),
        Arguments.of("dashes announced", "--b", "", "--b\r\n" + both + "\r\n", "\r\n", ""),
        Arguments.of("dashes twice", "--b", "", "----b\r\n" + jpeg + "\r\n", "\r\n", ""),
        Arguments.of("no dashes", "camera", "", "camera\r\n" + jpeg + "\r\n", "\r\n", ""),
        Arguments.of("no dashes, length", "camera", "", "camera\r\n" + both + "\r\n", "\r\n", ""),
        Arguments.of("one dash", "camera", "", "-camera\r\n" + jpeg + "\r\n", "\r\n", ""),
        Arguments.of("another boundary", "x", "", "--other\r\n" + both + "\r\n", "\r\n", ""),
        Arguments.of("none announced", null, "", "--b\r\n" + both + "\r\n", "\r\n", "--b--\r\n"),
        Arguments.of("none announced, no length", null, "", "--b\r\n" + jpeg + "\r\n", "\r\n", ""),
        Arguments.of(
            "a preamble", "b", "Hello:\r\n\r\nthere\r\n", "--b\r\n" + both + "\r\n", "\r\n", ""),
        Arguments.of("an empty line", "b", "\r\n", "--b\r\n" + jpeg + "\r\n", "\r\n", ""),
        Arguments.of(
            "no line end before a delimiter", "b", "", "--b\r\n" + jpeg + "\r\n", "", "--b--"),
        Arguments.of("the same with lengths", "b", "", "--b\r\n" + both + "\r\n", "", "--b--"),
        Arguments.of("closed each time", "b", "", "--b--\r\n" + both + "\r\n", "\r\n", ""),
        Arguments.of(
            "blanks", "b", "", "--b \t \r\n Content-Length :  # \r\n\r\n", "\r\n", "--b--"),
        Arguments.of("no empty line", "b", "", "--b\r\nContent-Length: #\r\n", "\r\n", "--b--"),
        Arguments.of("length nonsense", "b", "", "--b\r\nContent-Length: many\r\n\r\n", "\r\n", ""),
        Arguments.of("length 0", "b", "", "--b\r\nContent-Length: 0\r\n\r\n", "\r\n", ""),
        Arguments.of(
            "timestamps",
            "b",
            "",
            "--b\r\nX-Timestamp: 12.5\r\nDate: " + "x".repeat(1_000) + "\r\n" + both + "\r\n",
            "\r\n",
            "--b--"),
        Arguments.of(
            "zeros after a picture", "b", "", "--b\r\n" + jpeg + "\r\n", "\0\0\0\0\r\n", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cameras")
  void next_camerasAsTheyAre_givesEveryPicture(
      String name, String announced, String before, String head, String tail, String end)
      throws Exception {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    sent.write(latin(before));
    for (byte[] picture : PICTURES) {
      sent.write(latin(head.replace("#", String.valueOf(picture.length))));
      sent.write(picture);
      sent.write(latin(tail));
    }
    sent.write(latin(end));

    for (int step : new int[] {1, 7, 1_000, 1 << 20}) {
      Read read = read(new Drip(sent.toByteArray(), step), announced);
      assertThat(read.damage).isEmpty();
      assertEqual(read.pictures, PICTURES);
    }
  }

  @Test
  void next_firstDelimiterMissing_givesEveryPicture() throws Exception {
    for (String start : new String[] {"", "\r\n", "--\r\n", "--b\r\n"}) {
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      sent.write(latin(start));
      for (byte[] picture : PICTURES) {
        sent.write(latin("Content-Type: image/jpeg\r\n\r\n"));
        sent.write(picture);
        sent.write(latin("\r\n--b\r\n"));
      }
      Read read = read(new Drip(sent.toByteArray(), 1 << 20), "b");
      assertEqual(read.pictures, PICTURES);
    }
  }

  @Test
  void next_wrongLengths_costOnePictureAtMost() throws Exception {
    for (int wrong : new int[] {-700, -3, 5, 3_000}) {
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      for (int i = 0; i < 20; i++) {
        byte[] picture = TestPictures.jpeg(i);
        sent.write(part("Content-Length: " + (picture.length + wrong) + "\r\n", picture));
      }
      Read read = read(new Drip(sent.toByteArray(), 1 << 20), "b");
      assertThat(read.pictures.size() + read.damage.size()).isBetween(17, 20);
      assertThat(read.pictures.size()).as("lengths wrong by " + wrong).isGreaterThanOrEqualTo(17);
      assertThat(read.pictures.get(read.pictures.size() - 1)).startsWith(TestPictures.jpeg(19));
    }
  }

  @Test
  void next_lengthGiven_doesNotWaitForTheDelimiter() throws Exception {
    byte[] picture = PICTURES.get(0);
    byte[] head = latin("--b\r\nContent-Length: " + picture.length + "\r\n\r\n");
    MultipartReader reader = reader(endsInError(head, picture), "b", 1 << 20);

    assertThat(bytes(reader.next())).isEqualTo(picture);
  }

  @Test
  void next_noLengthButWhole_doesNotWaitForTheDelimiter() throws Exception {
    byte[] picture = PICTURES.get(0);
    for (String end : new String[] {"", "\r\n", "\n"}) {
      MultipartReader reader =
          reader(endsInError(latin("--b\r\n\r\n"), picture, latin(end)), "b", 1 << 20);
      assertThat(bytes(reader.next())).startsWith(picture);
    }
  }

  @Test
  void next_damagedParts_costOneEach() throws Exception {
    byte[] good = PICTURES.get(0);
    List<byte[]> bad =
        List.of(
            part("X: " + "y".repeat(10_000) + "\r\n", good),
            part("X: y\r\n".repeat(MultipartReader.MAX_HEADERS + 1), good),
            part("", new byte[200_000]),
            part("Content-Length: 200000\r\n", new byte[200_000]),
            part("Content-Length: 99999999999999999\r\n", good),
            part("", new byte[0]));
    for (byte[] each : bad) {
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      sent.write(part("", good));
      sent.write(each);
      sent.write(part("Content-Length: " + good.length + "\r\n", good));
      MultipartReader reader = reader(new Drip(sent.toByteArray(), 1_000), "b", 100_000);

      assertThat(bytes(reader.next())).isEqualTo(good);
      assertThat(reader.next().damage()).isNotBlank();
      assertThat(bytes(reader.next())).isEqualTo(good);
      assertThat(reader.heldBytes()).isLessThan(300_000);
    }
  }

  @Test
  void next_partOfAnotherType_isPassedOver() throws Exception {
    byte[] sent =
        concat(
            part("Content-Type: text/plain\r\n", latin("motion=1")),
            part("Content-Type: IMAGE/JPG; x=y\r\n", PICTURES.get(1)),
            part("Content-Type: audio/basic\r\nContent-Length: 3\r\n", new byte[3]));
    assertEqual(read(new Drip(sent, 1 << 20), "b").pictures, List.of(PICTURES.get(1)));
  }

  @Test
  void next_endsInAPart_givesWhatIsWhole() throws Exception {
    byte[] picture = PICTURES.get(0);
    byte[] open = concat(latin("--b\r\n\r\n"), picture);
    assertEqual(read(new Drip(open, 1 << 20), "b").pictures, List.of(picture));
    byte[] cut =
        concat(
            latin("--b\r\nContent-Length: " + picture.length + "\r\n\r\n"),
            Arrays.copyOf(picture, picture.length / 2));
    Read read = read(new Drip(cut, 1 << 20), "b");
    assertThat(read.pictures).isEmpty();
    assertThat(read.damage).containsExactly("it breaks off");
  }

  @Test
  void next_noParts_endsOrIsMalformed() throws Exception {
    assertThat(read(new Drip(new byte[0], 1), "b").pictures).isEmpty();
    assertThat(read(new Drip(latin("--b--\r\n"), 1), "b").pictures).isEmpty();
    assertThat(read(new Drip(latin("--b"), 1), "b").pictures).isEmpty();
    for (String announced : new String[] {"b", "\u00e9\u0000", "--", null}) {
      assertThatThrownBy(() -> read(new Drip(new byte[3 << 20], 1 << 20), announced))
          .isInstanceOf(MediaException.class)
          .hasMessageContaining("no multipart body");
    }
    assertThatThrownBy(() -> read(new Drip(latin("Content-Type: image/jpeg\r\n\r\n"), 9), null))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("no usable boundary");
  }

  // ---- Reading.

  private static final class Read {
    final List<byte[]> pictures = new ArrayList<>();
    final List<String> damage = new ArrayList<>();
  }

  private static Read read(InputStream in, String announced) throws Exception {
    MultipartReader reader = reader(in, announced, 1 << 20);
    Read read = new Read();
    for (Arrival arrival; (arrival = reader.next()) != null; ) {
      if (arrival.bytes() == null) {
        read.damage.add(arrival.damage());
      } else {
        read.pictures.add(bytes(arrival));
      }
    }
    return read;
  }

  private static MultipartReader reader(InputStream in, String announced, int maxPartBytes) {
    return new MultipartReader(in, announced, maxPartBytes, MultipartPictures::isWhole);
  }

  private static byte[] bytes(Arrival arrival) {
    ByteBuffer buffer = arrival.bytes();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** Padding behind a picture's end belongs to nobody. */
  private static void assertEqual(List<byte[]> found, List<byte[]> meant) {
    assertThat(found).hasSameSizeAs(meant);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i)).startsWith(meant.get(i));
      assertThat(found.get(i).length).isLessThan(meant.get(i).length + 8);
    }
  }

  private static byte[] part(String headers, byte[] content) {
    return concat(latin("--b\r\n" + headers + "\r\n"), content, latin("\r\n"));
  }

  private static InputStream endsInError(byte[]... sent) {
    InputStream error =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("read beyond the picture");
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(concat(sent)), error);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] concat(byte[]... pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  /** Gives some bytes at a time, as a network does. */
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
