package io.sightline.edgecapture.kvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Rational;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadSoFarTest {

  private static final Rational MILLIS = new Rational(1, 1_000);
  private static final long TWELVE_HOURS = 43_200_000;
  private final ReadSoFar read = new ReadSoFar();

  @Test
  void repeated_isLeftOut_upToWhereItWasRead_trackByTrack() throws Exception {
    read.begin(tracks(true));
    assertThat(isNew(0, 10_000)).isTrue();
    assertThat(isNew(0, 12_000)).isTrue();
    assertThat(isNew(1, 9_000)).isTrue();

    read.begin(tracks(true));

    assertThat(isNew(0, 8_000)).isFalse();
    assertThat(isNew(1, 9_000)).isFalse();
    assertThat(isNew(0, 12_000)).isFalse();
    assertThat(isNew(1, 9_500)).isTrue();
    assertThat(isNew(0, 12_040)).isTrue();
    assertThat(isNew(0, 12_000)).as("within a session order is the source's own").isTrue();
  }

  @Test
  void timesThatBeginAnew_areNew() throws Exception {
    read.begin(tracks(true));
    assertThat(isNew(0, TWELVE_HOURS)).isTrue();

    read.begin(tracks(true));

    assertThat(isNew(0, 0)).isTrue();
    assertThat(isNew(0, 40)).isTrue();
  }

  @Test
  void otherTracks_cannotBeCompared() throws Exception {
    read.begin(tracks(true));
    assertThat(isNew(0, 10_000)).isTrue();

    read.begin(tracks(false));

    assertThat(isNew(0, 9_000)).isTrue();
  }

  private boolean isNew(int track, long millis) {
    return read.isNew(
        Packet.of(track, millis, millis, 40, true, ByteBuffer.allocateDirect(1)), MILLIS);
  }

  private static List<SourceTrack> tracks(boolean sound) throws MediaException {
    TestVideo video = sound ? TestVideo.plain().sound() : TestVideo.plain();
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      return source.tracks();
    }
  }
}
