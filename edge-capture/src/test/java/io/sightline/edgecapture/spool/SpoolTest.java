package io.sightline.edgecapture.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

  private static final byte[] ABOUT = {1, 2, 3};

  @TempDir Path folder;

  @Test
  void recover_afterAProcessThatWasKilled_givesWhatWasWritten() throws Exception {
    EpochSpool epoch = new Spool(folder).begin("0001", ABOUT);
    List<SpoolRecord> written = new ArrayList<>();
    for (int n = 0; n < 40; n++) {
      written.add(append(epoch, n % 3 == 0 ? SpoolLane.MEDIA : SpoolLane.FRAMES, n, 300_000));
    }
    // Nothing is closed: that is what a kill leaves.

    EpochSpool found = new Spool(folder).recover().get(0);

    assertThat(found.about()).isEqualTo(ABOUT);
    assertThat(found.left()).hasSize(40);
    for (int n = 0; n < 40; n++) {
      EpochSpool.Left left = found.left().get(n);
      assertThat(left.record().ordinal()).isEqualTo(n);
      assertThat(left.record().kind()).isEqualTo((byte) (n % 100));
      assertThat(left.record().endMicros()).isEqualTo(1_000 + n);
      assertThat(left.header()).isEqualTo(bytes(n, 50));
      assertThat(left.record().payload()).isEqualTo(bytes(n, 300_000));
    }
    assertThat(written).hasSize(40);
  }

  @Test
  void append_byAThreadThatIsInterrupted_isKept_andSoIsWhatFollows() throws Exception {
    EpochSpool epoch = new Spool(folder).begin("0001", ABOUT);
    append(epoch, SpoolLane.MEDIA, 0, 1_000);
    Thread.currentThread().interrupt();
    SpoolRecord written;
    try {
      written = append(epoch, SpoolLane.MEDIA, 1, 1_000);
      epoch.drop(append(epoch, SpoolLane.FRAMES, 2, 1_000));
      epoch.sync();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    append(epoch, SpoolLane.MEDIA, 3, 1_000);

    assertThat(written.payload()).isEqualTo(bytes(1, 1_000));
    assertThat(new Spool(folder).recover().get(0).left())
        .extracting(left -> left.record().ordinal())
        .containsExactly(0L, 1L, 3L);
  }

  @Test
  void recover_recordCutShort_givesThoseBefore() throws Exception {
    EpochSpool epoch = new Spool(folder).begin("0001", ABOUT);
    for (int n = 0; n < 5; n++) {
      append(epoch, SpoolLane.MEDIA, n, 1_000);
    }
    Path log = logs().get(0);
    byte[] whole = Files.readAllBytes(log);
    int record = whole.length / 5;
    for (int length : new int[] {whole.length - 1, whole.length - 1_000, 4 * record + 10}) {
      Files.write(log, Arrays.copyOf(whole, length));

      assertThat(new Spool(folder).recover().get(0).left()).hasSize(4);
    }
  }

  @Test
  void recover_damagedHeader_endsThereAndDamagedPayloadIsToldWhenRead() throws Exception {
    EpochSpool epoch = new Spool(folder).begin("0001", ABOUT);
    for (int n = 0; n < 5; n++) {
      append(epoch, SpoolLane.MEDIA, n, 1_000);
    }
    Path log = logs().get(0);
    byte[] whole = Files.readAllBytes(log);
    int record = whole.length / 5;
    whole[3 * record + SpoolSegment.RECORD_BYTES + 4]++;
    whole[2 * record - 7]++;
    Files.write(log, whole);

    List<EpochSpool.Left> left = new Spool(folder).recover().get(0).left();

    assertThat(left).hasSize(3);
    assertThat(left.get(0).record().payload()).isEqualTo(bytes(0, 1_000));
    assertThatThrownBy(() -> left.get(1).record().payload())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");
    assertThat(left.get(2).record().payload()).isEqualTo(bytes(2, 1_000));
  }

  @Test
  void release_lastRecordOfAFile_freesItsSpace() throws Exception {
    EpochSpool epoch = new Spool(folder).begin("0001", ABOUT);
    List<SpoolRecord> records = new ArrayList<>();
    for (int n = 0; n < 30; n++) {
      records.add(append(epoch, SpoolLane.MEDIA, n, 1_000_000));
    }
    int before = logs().size();

    records.subList(0, 20).forEach(SpoolRecord::release);

    assertThat(before).isGreaterThan(5);
    assertThat(logs()).hasSizeLessThan(before - 2);
    records.forEach(
        record -> {
          if (record.ordinal() >= 20) {
            assertThat(record).satisfies(r -> assertThat(r.payload()).hasSize(1_000_000));
          }
        });
  }

  @Test
  void drop_isRememberedAndTheOthersKeepTheirCount() throws Exception {
    EpochSpool epoch = new Spool(folder).begin("0001", ABOUT);
    List<SpoolRecord> records = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      records.add(append(epoch, SpoolLane.FRAMES, n, 100));
    }
    assertThat(epoch.settled()).isTrue();
    epoch.drop(records.get(2));
    epoch.drop(records.get(5));
    assertThat(epoch.settled()).isFalse();
    epoch.sync();
    assertThat(epoch.settled()).isTrue();

    EpochSpool found = new Spool(folder).recover().get(0);

    assertThat(found.left())
        .extracting(left -> left.record().ordinal())
        .containsExactly(0L, 1L, 3L, 4L, 6L, 7L, 8L, 9L);
    assertThat(found.countBefore(1)).isEqualTo(1);
    assertThat(found.countBefore(3)).isEqualTo(2);
    assertThat(found.countBefore(9)).isEqualTo(7);
  }

  @Test
  void recover_severalEpochs_areInOrder_andWhatIsNoEpochIsRemoved() throws Exception {
    for (String name : new String[] {"0003", "0001", "0002"}) {
      append(new Spool(folder).begin(name, name.getBytes()), SpoolLane.MEDIA, 0, 10);
    }
    new Spool(folder).begin("0004", ABOUT);
    Files.createDirectories(folder.resolve("0000"));

    List<EpochSpool> found = new Spool(folder).recover();

    assertThat(found)
        .extracting(each -> new String(each.about()))
        .containsExactly("0001", "0002", "0003");
    assertThat(folder.resolve("0000")).doesNotExist();
    assertThat(folder.resolve("0004")).doesNotExist();
  }

  @Test
  void delete_leavesNothing() throws Exception {
    EpochSpool epoch = new Spool(folder).begin("0001", ABOUT);
    append(epoch, SpoolLane.MEDIA, 0, 10);

    epoch.delete();

    assertThat(folder.resolve("0001")).doesNotExist();
    assertThat(new Spool(folder).recover()).isEmpty();
  }

  @Test
  void recover_noise_isNoRecord() throws Exception {
    Random random = new Random(5);
    EpochSpool epoch = new Spool(folder).begin("0001", ABOUT);
    append(epoch, SpoolLane.MEDIA, 0, 10);
    byte[] noise = new byte[5_000];
    random.nextBytes(noise);
    Files.write(logs().get(0), noise, StandardOpenOption.APPEND);

    assertThat(new Spool(folder).recover().get(0).left()).hasSize(1);
  }

  private static SpoolRecord append(EpochSpool epoch, SpoolLane lane, int n, int size)
      throws IOException {
    return epoch.append(lane, (byte) (n % 100), 5_000 + n, 1_000 + n, bytes(n, 50), bytes(n, size));
  }

  private static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private List<Path> logs() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }
}
