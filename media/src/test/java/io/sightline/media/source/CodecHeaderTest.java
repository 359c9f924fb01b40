package io.sightline.media.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecHeaderTest {

  @ParameterizedTest
  @CsvSource({"MP4_INDEX_FIRST", "TS", "FLV", "MKV"})
  void moov_ofEachContainer_isReadAsTheSameTracks(Container container) throws Exception {
    TestVideo video = TestVideo.plain().pictures(50).container(container).sound();
    for (SourceTrack track : tracks(video)) {
      byte[] header = CodecHeader.moov(track);
      assertThat(new String(header, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
      String text = new String(header, StandardCharsets.ISO_8859_1);
      assertThat(text).contains(track.isVideo() ? "avcC" : "esds").contains("trex");
    }
  }

  @Test
  void moov_ofFilesWithOtherBitRates_isTheSame() throws Exception {
    List<SourceTrack> some = tracks(TestVideo.plain().pictures(50).sound());
    List<SourceTrack> others = tracks(TestVideo.plain().pictures(75).sound());
    for (int track = 0; track < 2; track++) {
      assertThat(some.get(track).parameters().bitsPerSecond())
          .isPositive()
          .isNotEqualTo(others.get(track).parameters().bitsPerSecond());
      assertThat(CodecHeader.moov(some.get(track))).isEqualTo(CodecHeader.moov(others.get(track)));
    }
  }

  @Test
  void moov_ofAc3_needsItsFirstPacket() throws Exception {
    TestVideo video = TestVideo.plain().pictures(50).container(Container.TS).sound("ac3", 1);
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      SourceTrack audio = source.tracks().get(1);
      assertThatThrownBy(() -> CodecHeader.moov(audio)).isInstanceOf(MediaException.class);
      Packet packet = source.next();
      while (packet.track() != audio.index()) {
        packet = source.next();
      }
      String header = new String(CodecHeader.moov(audio, packet), StandardCharsets.ISO_8859_1);
      assertThat(header).contains("dac3").doesNotContain("mdat");
    }
  }

  @Test
  void moov_ofWhatMp4CannotHold_saysSo() throws Exception {
    TestVideo video = TestVideo.plain().pictures(50).codec("msmpeg4", 0).container(Container.AVI);
    SourceTrack track = tracks(video).get(0);
    assertThatThrownBy(() -> CodecHeader.moov(track))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("cannot hold");
  }

  private static List<SourceTrack> tracks(TestVideo video) throws MediaException {
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      return source.tracks();
    }
  }
}
