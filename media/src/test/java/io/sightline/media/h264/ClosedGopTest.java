package io.sightline.media.h264;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.NalUnits;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it makes of whole films is seen in ExactCutTest. */
class ClosedGopTest {

  private static final int IDR = 5;

  @TempDir Path folder;

  @Test
  void openGop_beginsWithAnIdrThatIsCountedFromZero_andWhatFollowsKeepsItsSize() throws Exception {
    Path film = openGops();
    AvcHeader header = header(film);
    SequenceParameters says = SequenceParameters.read(header.sequence().get(0));
    List<Packet> gop = secondGop(film);
    ClosedGop closed = ClosedGop.of(header);

    List<ByteBuffer> key = closed.picture(units(gop.get(0)));

    assertThat(types(units(gop.get(0)))).doesNotContain(IDR);
    assertThat(types(key)).containsOnly(IDR);
    NalPayload slice = NalPayload.of(key.get(0).array());
    slice.unsigned();
    slice.unsigned();
    slice.unsigned();
    assertThat(slice.bits(says.frameNumberBits())).isZero();
    slice.unsigned();
    assertThat(slice.bits(says.orderBits())).isZero();
    for (Packet next : gop.subList(10, gop.size())) {
      // But for bytes that keep start codes apart.
      assertThat(size(closed.picture(units(next)))).isCloseTo(size(units(next)), offset(3));
    }
  }

  @Test
  void header_allowsHolesInTheNumbers_andIsOtherwiseAsRecorded() throws Exception {
    AvcHeader recorded = header(openGops());
    SequenceParameters before = SequenceParameters.read(recorded.sequence().get(0));

    AvcHeader header = ClosedGop.of(recorded).header();

    byte[] set = header.sequence().get(0);
    NalPayload payload = NalPayload.of(set);
    payload.position(before.gapsAt());
    assertThat(payload.next()).isEqualTo(1);
    assertThat(SequenceParameters.read(set)).isEqualTo(before);
    assertThat(header.picture()).isEqualTo(recorded.picture());
  }

  @Test
  void pictureThatIsCutShort_isMalformed_andOneInPartsIsRefused() throws Exception {
    Path film = openGops();
    ByteBuffer cutShort = ByteBuffer.wrap(new byte[] {0x41, (byte) 0x80});
    ByteBuffer partition = ByteBuffer.wrap(new byte[] {0x42, (byte) 0x80, 1});

    assertReason(MediaException.Reason.MALFORMED, header(film), cutShort);
    assertReason(MediaException.Reason.UNSUPPORTED, header(film), partition);
  }

  @Test
  void headerWithTwoSequenceSets_isRefused() throws Exception {
    AvcHeader recorded = header(TestVideo.plain().file());
    byte[] set = recorded.sequence().get(0);
    AvcHeader two =
        new AvcHeader(
            recorded.profile(), List.of(set, set), recorded.picture(), recorded.extension());

    assertThatThrownBy(() -> ClosedGop.of(two))
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.UNSUPPORTED))
        .hasMessageContaining("several sequence parameter sets");
  }

  private static void assertReason(
      MediaException.Reason reason, AvcHeader header, ByteBuffer unit) {
    assertThatThrownBy(() -> ClosedGop.of(header).picture(List.of(unit)))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private Path openGops() {
    FfmpegProgram.assumeSystemProgram();
    Path film = folder.resolve("open.mp4");
    String x264 = "-c:v libx264 -g 30 -bf 3 -threads 1 -x264-params open-gop=1";
    List<String> arguments = new ArrayList<>(List.of("-i", TestVideo.plain().file().toString()));
    arguments.addAll(List.of(x264.split(" ")));
    arguments.add(film.toString());
    FfmpegProgram.make(arguments, made -> {});
    return film;
  }

  private static AvcHeader header(Path film) throws Exception {
    try (MediaSource source = MediaSource.open(film.toString(), SourceOptions.DEFAULTS)) {
      return AvcHeader.read(
          source.tracks().stream()
              .filter(SourceTrack::isVideo)
              .findFirst()
              .orElseThrow()
              .extradata());
    }
  }

  private static List<Packet> secondGop(Path film) throws Exception {
    List<Packet> gop = new ArrayList<>();
    int keyframes = 0;
    try (MediaSource source = MediaSource.open(film.toString(), SourceOptions.DEFAULTS)) {
      for (Packet packet; (packet = source.next()) != null; ) {
        keyframes += packet.keyframe() ? 1 : 0;
        if (keyframes == 2) {
          gop.add(packet.copy());
        }
      }
    }
    return gop;
  }

  private static List<ByteBuffer> units(Packet packet) throws Exception {
    return NalUnits.ofSample(packet.data(), NalUnits.LENGTH_SIZE);
  }

  private static List<Integer> types(List<ByteBuffer> units) {
    return units.stream().map(unit -> unit.get(unit.position()) & 0x1f).toList();
  }

  private static int size(List<ByteBuffer> units) {
    return units.stream().mapToInt(ByteBuffer::remaining).sum();
  }
}
