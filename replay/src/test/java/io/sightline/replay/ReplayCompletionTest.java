package io.sightline.replay;

import static io.sightline.replay.StoredEvent.STREAM;
import static io.sightline.replay.StoredEvent.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.records.Transitions;
import io.sightline.storage.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a replay of a live stream is complete, and what it has then. */
class ReplayCompletionTest {

  /** A minute after the stream stopped. */
  private static final int WINDOW_END = 250 + 60 * 25;

  private static final Transitions FADE =
      new Transitions(new Transitions.Fade(400, 400, null, null), null, null, null);

  @TempDir Path folder;
  private StoredEvent event;
  private String epoch;

  @BeforeEach
  void open() throws Exception {
    event = new StoredEvent(folder);
    epoch = event.open(STREAM, 0);
  }

  @AfterEach
  void close() throws Exception {
    event.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stoppedStream_askedForBeforeDuringAndAfter_givesTheSame(boolean fades) throws Exception {
    Transitions transitions = fades ? FADE : null;
    ReplayBuilder builder = event.builder();
    ReplayRequest before = request("before", WINDOW_END, transitions);
    assertThat(builder.build(before).complete()).isFalse();
    event.clip(10, 85);
    event.segmented(STREAM, epoch, 100, false);
    builder.build(before);
    ReplayRequest during = request("during", WINDOW_END, transitions);
    builder.build(during);
    event.makeParts();
    event.clip(120, 201);
    stopped(250);
    builder.build(during);
    event.clock.advance(Duration.ofMinutes(2));
    ReplayRequest after = request("after", WINDOW_END, transitions);
    List<ReplayRequest> all = List.of(before, during, after);
    all.forEach(builder::build);
    event.makeParts();

    List<Replay> replays = all.stream().map(builder::build).toList();

    assertThat(replays).allMatch(Replay::complete).allMatch(one -> one.version() == 1);
    Replay first = replays.get(0);
    for (Replay one : replays) {
      assertThat(event.index(one).pieces()).isEqualTo(event.index(first).pieces());
      assertThat(event.mp4(one)).isEqualTo(event.mp4(first));
      assertThat(event.items(one).stream().map(ReplayItem::reason))
          .containsExactlyElementsOf(event.items(first).stream().map(ReplayItem::reason).toList());
    }
    assertThat(event.pictures(first)).hasSize(75 + 81).endsWith(200);
  }

  /** What the dashboard asks for when "now" is the end and the camera is off. */
  @Test
  void windowThatEndsAfterTheStream_isCompleteOnceTheClockHasPassedIt() throws Exception {
    event.clip(10, 85);
    stopped(250);
    ReplayRequest request = request("reel", WINDOW_END, null);
    event.clock.advance(Duration.ofSeconds(70));
    assertThat(event.builder().build(request).complete()).as("it may come back").isFalse();

    event.clock.advance(Completion.ARRIVAL);
    Replay replay = event.builder().build(request);

    assertThat(replay.complete()).isTrue();
    assertThat(event.pictures(replay)).isEqualTo(range(10, 85));
  }

  /** An agent that is cut off brings the rest, and the end, when it is back. */
  @Test
  void epochWithoutAnEnd_isWaitedForHoweverLongThatTakes() throws Exception {
    event.clip(10, 85);
    event.segmented(STREAM, epoch, 100, false);
    event.clock.advance(Duration.ofHours(30));
    ReplayRequest request = request("reel", WINDOW_END, null);
    assertThat(event.builder().build(request).complete()).isFalse();

    event.clip(120, 201);
    event.end(STREAM, epoch, 250);
    assertThat(event.builder().build(request).complete()).as("it is not worked off").isFalse();
    stopped(250);

    Replay replay = event.builder().build(request);
    assertThat(replay.complete()).isTrue();
    assertThat(replay.segments()).isEqualTo(2);
  }

  @Test
  void laterEpochWithinTheWindow_isWaitedFor() throws Exception {
    event.clip(10, 85);
    stopped(100);
    String next = event.open(STREAM, 110);
    event.clock.advance(Duration.ofMinutes(5));
    ReplayRequest request = request("reel", WINDOW_END, null);
    assertThat(event.builder().build(request).complete()).as("nothing of it is here").isFalse();
    event.segmented(STREAM, next, 120, false);
    assertThat(event.builder().build(request).complete()).isFalse();

    event.clip(120, 201);
    event.end(STREAM, next, 250);
    event.segmented(STREAM, next, 250, true);

    assertThat(event.builder().build(request).segments()).isEqualTo(2);
    assertThat(event.replay("reel").orElseThrow().complete()).isTrue();
  }

  @Test
  void epochOfWhichNobodyHeardInTime_comesInWhenItIsAskedForAgain() throws Exception {
    event.clip(10, 85);
    stopped(100);
    event.clock.advance(Duration.ofMinutes(5));
    ReplayRequest request = request("reel", WINDOW_END, null);
    Replay early = event.builder().build(request);
    assertThat(early.complete()).isTrue();

    String late = event.open(STREAM, 110);
    event.clip(120, 201);
    event.end(STREAM, late, 250);
    event.segmented(STREAM, late, 250, true);
    assertThat(event.builder().build(request)).isEqualTo(early);
    Replay again = event.builder().build(request.revised(2));

    assertThat(again.version()).isEqualTo(2);
    assertThat(again.segments()).isEqualTo(2);
    assertThat(again.complete()).isTrue();
    assertThat(event.pictures(again)).hasSize(75 + 81);
  }

  /** What was seen just before the end may become a segment a moment later. */
  @Test
  void streamThatGoesOn_isWaitedForUntilNoMoreCanBeginInTheWindow() throws Exception {
    ReplayRequest request = request("reel", 100, null);
    event.segmented(STREAM, epoch, 101, false, 90);
    assertThat(event.builder().build(request).complete()).isFalse();
    event.segment(90);
    event.segmented(STREAM, epoch, 110, false, 110);
    assertThat(event.builder().build(request).complete()).isFalse();
    event.clip(90, 130);

    Replay replay = event.builder().build(request);

    assertThat(replay.complete()).isTrue();
    assertThat(event.pictures(replay)).isEqualTo(range(90, 130));
  }

  @Test
  void segmentThatIsStillOpen_isWaitedFor() throws Exception {
    event.segment(10);
    stopped(100);
    event.clock.advance(Duration.ofMinutes(5));
    ReplayRequest request = request("reel", WINDOW_END, null);
    assertThat(event.builder().build(request).complete()).isFalse();

    event.clip(10, 85);

    assertThat(event.builder().build(request).complete()).isTrue();
  }

  @Test
  void streamThatNeverCame_keepsNoReplayFromBeingComplete() throws Exception {
    event.clip(10, 85);
    stopped(100);
    ReplayRequest request =
        request("reel", List.of(STREAM, "never-plugged-in"), WINDOW_END, null, true);
    assertThat(event.builder().build(request).complete()).isFalse();

    event.clock.advance(Duration.ofMinutes(5));

    assertThat(event.builder().build(request).complete()).isTrue();
  }

  @Test
  void withoutAnEnd_itGrows() throws Exception {
    event.clip(10, 85);
    stopped(100);
    event.clock.advance(Duration.ofDays(5));

    assertThat(event.builder().build(request("reel", null, null)).complete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stop_ofAGrowingOne_makesTheMp4ThatWasAskedFor(boolean fades) throws Exception {
    ReplayRequest request = request("reel", null, fades ? FADE : null);
    event.clip(10, 85);
    event.clip(120, 201);
    event.builder().build(request);
    event.makeParts();
    Replay growing = event.builder().build(request);
    assertThat(growing.mp4Key()).isNull();

    event.builder().cancel(cancel(2, true));

    Replay stopped = event.replay("reel").orElseThrow();
    assertThat(stopped.state()).isEqualTo(MediaState.CANCELLED);
    assertThat(stopped.version()).isEqualTo(growing.version());
    assertThat(event.pictures(stopped)).hasSize(75 + 81).endsWith(200);
    // A kill before the header was stored does it again; one after it changes nothing.
    event.builder().cancel(cancel(2, true));
    assertThat(event.replay("reel")).contains(stopped);
    StoredEvent.await(
        Records.of(event.records, Replay.class).put(StoreKeys.REPLAYS, "reel", growing, null));
    event.builder().cancel(cancel(2, true));
    assertThat(event.replay("reel")).contains(stopped);
  }

  @Test
  void stop_withoutAnMp4AskedFor_makesNone_andWithoutSegmentsNeither() throws Exception {
    event.builder().build(request("reel", null, null));
    event.builder().cancel(cancel(2, true));
    assertThat(event.replay("reel").orElseThrow().mp4Key()).isNull();
    event.clip(10, 85);
    event.builder().build(request("reel", List.of(STREAM), null, null, false).revised(3));

    event.builder().cancel(cancel(4, false));

    Replay stopped = event.replay("reel").orElseThrow();
    assertThat(stopped.segments()).isEqualTo(1);
    assertThat(stopped.mp4Key()).isNull();
  }

  /** An MP4 may be asked for a moment before the stop, and nothing of that be made yet. */
  @Test
  void stop_rightAfterAnMp4WasAskedFor_makesIt() throws Exception {
    event.clip(10, 85);
    event.builder().build(request("reel", List.of(STREAM), null, null, false));

    event.builder().cancel(cancel(3, true));

    assertThat(event.pictures(event.replay("reel").orElseThrow())).isEqualTo(range(10, 85));
  }

  /** The stream was switched off at a picture, and all stages know. */
  private void stopped(int picture) throws Exception {
    event.end(STREAM, epoch, picture);
    event.segmented(STREAM, epoch, picture, true);
  }

  private static ReplayRequest request(String id, Integer toPicture, Transitions transitions) {
    return request(id, List.of(STREAM), toPicture, transitions, true);
  }

  private static ReplayRequest request(
      String id, List<String> streams, Integer toPicture, Transitions transitions, boolean mp4) {
    return new ReplayRequest(
        id,
        ReplayRequest.Kind.CHANGE,
        "Goals",
        new ReplayRequest.Selection(
            streams, "live", null, toPicture == null ? null : at(toPicture), List.of()),
        mp4,
        "test",
        1,
        1,
        null,
        false,
        null,
        transitions);
  }

  private static ReplayRequest cancel(int revision, boolean mp4) {
    return new ReplayRequest(
        "reel", ReplayRequest.Kind.CANCEL, "Goals", null, mp4, "test", 1, revision);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
