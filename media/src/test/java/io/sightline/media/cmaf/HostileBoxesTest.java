package io.sightline.media.cmaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostileBoxesTest {

  @Test
  void list_sizesThatLeadOut_areRefused() {
    for (long size : new long[] {1, 2, 7, 9, 17, 0x7fffffff, 0xffffffffL}) {
      byte[] data = new BoxWriter().u32(size).text("moof").toBytes();
      assertMalformed(() -> Mp4Box.list(data, 0, data.length));
    }
    byte[] wide = new BoxWriter().u32(1).text("moof").u64(-8).toBytes();
    assertMalformed(() -> Mp4Box.list(wide, 0, wide.length));
    byte[] tooSmall = new BoxWriter().u32(1).text("moof").u64(15).toBytes();
    assertMalformed(() -> Mp4Box.list(tooSmall, 0, tooSmall.length));
  }

  @Test
  void list_sizeZero_reachesToTheEnd() throws Exception {
    byte[] data = new BoxWriter().u32(0).text("mdat").zeros(20).toBytes();

    assertThat(Mp4Box.list(data, 0, data.length)).containsExactly(new Mp4Box("mdat", 0, 8, 28));
  }

  @Test
  void list_moreBoxesThanAnyFile_isRefused() {
    BoxWriter many = new BoxWriter();
    for (int index = 0; index < 20_000; index++) {
      many.begin("free").end();
    }
    byte[] data = many.toBytes();
    assertMalformed(() -> Mp4Box.list(data, 0, data.length));
  }

  @Test
  void read_deepNesting_costsNothing() {
    BoxWriter deep = new BoxWriter();
    for (int level = 0; level < 100_000; level++) {
      deep.begin("moof");
    }
    for (int level = 0; level < 100_000; level++) {
      deep.end();
    }
    byte[] data = deep.toBytes();
    assertMalformed(() -> MovieFragment.read(data));
  }

  @Test
  void read_countsBeyondTheBox_areRefused() {
    for (long count : new long[] {0x7fffffffL, 0xffffffffL, 300_000}) {
      for (int flags : new int[] {0, 0x200, 0xf01}) {
        BoxWriter out = new BoxWriter();
        out.begin("moof").begin("traf");
        out.begin("tfhd", 0, 0).u32(1).end();
        out.begin("tfdt", 1, 0).u64(0).end();
        out.begin("trun", 0, flags).u32(count).zeros(64).end();
        byte[] data = out.end().end().toBytes();
        assertMalformed(() -> MovieFragment.read(data));
      }
    }
  }

  @Test
  void read_whatWasWritten_isTheSame() throws Exception {
    List<FragmentSample> samples =
        List.of(
            new FragmentSample(1_000, 10, 20, true, 0, 5),
            new FragmentSample(1_010, 12, 45, false, 0, 7),
            new FragmentSample(1_022, 9, 0, false, 0, 0));
    byte[] head = MovieFragment.header(3, 1_000, samples);

    MovieFragment read = MovieFragment.read(head);

    assertThat(read.length()).isEqualTo(head.length - 8);
    assertThat(read.endTicks()).isEqualTo(1_031);
    assertThat(read.samples().get(1))
        .isEqualTo(new FragmentSample(1_010, 12, 45, false, head.length + 5, 7));
    byte[] moved = MovieFragment.withDecodeTime(head, 77);
    assertThat(MovieFragment.read(moved).decodeTicks()).isEqualTo(77);
    assertThat(moved).hasSameSizeAs(head);
  }

  @Test
  void read_damagedBytes_neverDoesMoreThanRefuse() {
    List<FragmentSample> samples =
        List.of(
            new FragmentSample(1_000, 10, 20, true, 0, 5),
            new FragmentSample(1_010, 12, 45, false, 0, 7));
    byte[] head = MovieFragment.header(3, 1_000, samples);
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = head.clone();
      for (int change = 0; change <= random.nextInt(4); change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        MovieFragment.read(damaged);
      } catch (MediaException e) {
        assertThat(e.reason()).isEqualTo(MediaException.Reason.MALFORMED);
      }
    }
  }

  @Test
  void units_thatLeadOut_areRefused() {
    for (int length : new int[] {5, 0x7fffffff, -1}) {
      byte[] sample = ByteBuffer.allocate(8).putInt(length).putInt(0).array();
      assertMalformed(() -> NalUnits.ofSample(ByteBuffer.wrap(sample), 4));
    }
    assertThat(NalUnits.ofByteStream(ByteBuffer.wrap(new byte[50]))).isEmpty();
    assertThat(NalUnits.ofByteStream(ByteBuffer.wrap(new byte[] {0, 0, 1}))).isEmpty();
  }

  @Test
  void parameterSets_ofRandomBytes_neverDoMoreThanRefuse() {
    Random random = new Random(13);
    for (int round = 0; round < 20_000; round++) {
      byte[] header = new byte[random.nextInt(60)];
      random.nextBytes(header);
      if (header.length > 0 && random.nextBoolean()) {
        header[0] = 1;
      }
      ParameterSets sets = new ParameterSets(random.nextBoolean());
      try {
        sets.addHeader(header);
        if (sets.complete()) {
          io.sightline.media.h264.SequenceParameters.read(sets.firstSps());
        }
      } catch (MediaException e) {
        assertThat(e.reason()).isEqualTo(MediaException.Reason.MALFORMED);
      }
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void assertMalformed(Action action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.MALFORMED));
  }
}
