package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.InitPart;
import io.sightline.records.Json;
import io.sightline.records.Marker;
import io.sightline.records.StreamItem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  private record Item(long sequence, StreamItem item, byte[] payload) {}

  @Test
  void run_wholeSource_givesWhatAGatewayWouldBeSentInOneEpoch() throws Exception {
    List<Item> items = new ArrayList<>();

    CaptureStatus status = run(TestVideo.plain().sound(), "keyframes", true, items);

    assertThat(items).extracting(Item::sequence).isSorted().doesNotHaveDuplicates();
    assertThat(items.get(items.size() - 1).sequence()).isEqualTo(items.size() - 1);
    assertThat(((Marker) items.get(0).item()).kind()).isEqualTo(Marker.Kind.EPOCH_BEGIN);
    assertThat(((Marker) items.get(items.size() - 1).item()).kind())
        .isEqualTo(Marker.Kind.EPOCH_END);
    assertThat(of(items, InitPart.class)).hasSize(2);
    // Ten seconds with a keyframe in each, in chunks of two.
    assertThat(of(items, FrameInfo.class)).hasSize(10);
    assertThat(of(items, ChunkInfo.class)).hasSize(5);
    assertThat(status.frames()).isEqualTo(10);
    assertThat(status.chunks()).isEqualTo(5);
    assertThat(status.epochs()).isEqualTo(1);
    for (Item each : items) {
      if (each.item() instanceof ChunkInfo chunk) {
        assertThat(each.payload()).hasSize((int) chunk.sizeBytes());
      }
    }
  }

  @Test
  void run_sourceIsALiveOneByItsClock_framesAreCapturedWhenTheyAreShown() throws Exception {
    List<Item> items = new ArrayList<>();

    run(TestVideo.plain(), "2/s", false, items);

    List<FrameInfo> frames = of(items, FrameInfo.class);
    assertThat(frames).hasSize(20);
    assertThat(of(items, ChunkInfo.class)).isEmpty();
    long ahead = frames.get(0).capturedMicros() - frames.get(0).positionMicros();
    assertThat(frames)
        .allSatisfy(
            frame -> assertThat(frame.capturedMicros() - frame.positionMicros()).isEqualTo(ahead));
  }

  @Test
  void run_nothingToCapture_saysSo() {
    TestVideo video = TestVideo.plain().codec("mjpeg", 0).container(TestVideo.Container.MKV);

    assertThatThrownBy(
            () -> {
              try (MediaSource source =
                  MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
                Rehearsal.run(
                    new SoundAlone(source),
                    Fixtures.profile(),
                    false,
                    (sequence, header, item) -> {});
              }
            })
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("neither pictures nor sound");
  }

  private static CaptureStatus run(
      TestVideo video, String sampling, boolean record, List<Item> items) throws Exception {
    try (MediaSource source = MediaSource.open(video.file().toString(), SourceOptions.DEFAULTS)) {
      return Rehearsal.run(
          source,
          Fixtures.profile("visits", sampling),
          record,
          (sequence, header, payload) ->
              items.add(new Item(sequence, Json.decode(header, StreamItem.class), payload)));
    }
  }

  private static <T extends StreamItem> List<T> of(List<Item> items, Class<T> type) {
    return items.stream().map(Item::item).filter(type::isInstance).map(type::cast).toList();
  }

  /** A source whose pictures are hidden: nothing is left of a silent film. */
  private record SoundAlone(MediaSource source) implements PacketSource {

    @Override
    public List<SourceTrack> tracks() {
      return source.tracks().stream().filter(track -> !track.isVideo()).toList();
    }

    @Override
    public Packet next() throws MediaException {
      return source.next();
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
