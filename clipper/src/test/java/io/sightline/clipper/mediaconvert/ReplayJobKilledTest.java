package io.sightline.clipper.mediaconvert;

import static io.sightline.clipper.mediaconvert.ReplayJobFixture.CREATE;
import static io.sightline.clipper.mediaconvert.ReplayJobFixture.GET;
import static io.sightline.clipper.mediaconvert.ReplayJobFixture.REPLAY;
import static io.sightline.clipper.mediaconvert.ReplayJobFixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.MediaState;
import io.sightline.records.ReplayJob;
import io.sightline.records.ReplayJobRequest.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs of replays that change or go, of people who change their minds, and of kills. */
class ReplayJobKilledTest {

  @TempDir private Path folder;

  private final Recording lobby = new Recording("lobby").add(TestVideo.plain().sound().file());
  private ReplayJobFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new ReplayJobFixture(folder);
    fixture.replay(1, fixture.clip(lobby, 0, 1_000_000));
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  @Test
  void sameVersionAskedTwice_isTheSameJob() throws Exception {
    fixture.start();

    fixture.ask(1, 7);
    fixture.ask(1, 8);
    ReplayJob job = fixture.ended();
    fixture.ask(1, 9);
    fixture.ask(1, Kind.CANCEL, 9);
    fixture.ask(1, Kind.CANCEL, 7);
    until(() -> fixture.job().state() == MediaState.CANCELLED);

    assertThat(job.askedMicros()).isEqualTo(7);
    assertThat(fixture.job().askedMicros()).isEqualTo(7);
    assertThat(fixture.server.requests()).hasSize(1);
    assertThat(fixture.ofJobs()).isEmpty();
  }

  @Test
  void replayThatIsNotThereAsAsked_hasNoJob() throws Exception {
    fixture.replay(2, MediaState.READY, false, 1, "replays/derby/2/index-1.json");
    fixture.start();

    fixture.ask(2, 6);
    fixture.ask(1, 7);
    fixture.replay(3, fixture.clip(lobby, 0, 1_000_000));
    fixture.ask(3, 8);

    assertThat(fixture.ended().version()).isEqualTo(3);
    assertThat(fixture.server.requests()).hasSize(1);
  }

  @Test
  void stageStoppedAndStartedAgain_goesOnWithItsJob() throws Exception {
    String first = fixture.start();
    running(7);
    fixture.stop(first);
    fixture.server.pass(Duration.ofHours(1));
    fixture.server.hold(false);

    fixture.start();

    assertThat(fixture.ended().state()).isEqualTo(MediaState.READY);
    assertThat(fixture.server.requests()).hasSize(1);
  }

  @Test
  void stageKilledBeforeACheckpoint_isToldAgain_andGoesOnWithItsJob() throws Exception {
    String first = fixture.start();
    running(7);
    fixture.stop(first);
    // As if nothing had been saved since the start.
    fixture.checkpoints = new MemoryCheckpoints();
    fixture.server.pass(Duration.ofHours(1));
    fixture.server.hold(false);

    fixture.start();

    assertThat(fixture.ended().state()).isEqualTo(MediaState.READY);
    assertThat(fixture.server.requests()).hasSize(1);
  }

  @Test
  void stageKilledBeforeItTidiedUp_doesSo() throws Exception {
    String first = fixture.start();
    fixture.ask(1, 7);
    ReplayJob job = fixture.ended();
    until(() -> fixture.ofJobs().stream().noneMatch(name -> name.endsWith(".json")));
    List<String> outputs = fixture.ofJobs();
    fixture.stop(first);
    fixture.checkpoints = new MemoryCheckpoints();
    for (String left : List.of("input-abc-1.mp4", "part-0.mp4", "mediaconvert.json")) {
      Files.writeString(fixture.file(job.folder() + left), "left");
    }

    fixture.start();

    until(() -> fixture.ofJobs().equals(outputs));
    assertThat(fixture.job()).isEqualTo(job);
    assertThat(fixture.server.requests()).hasSize(1);
  }

  @Test
  void stageKilledThatLostTheAnswer_findsItsJob() throws Exception {
    fixture.server.loseAnswers(true);
    String first = fixture.start();
    fixture.ask(1, 7);
    until(() -> fixture.server.asked(CREATE) > 2);
    fixture.stop(first);
    // Tokens have been forgotten by now.
    fixture.server.pass(Duration.ofMinutes(5));
    fixture.server.loseAnswers(false);

    fixture.start();

    assertThat(fixture.ended().state()).isEqualTo(MediaState.READY);
    assertThat(fixture.server.requests()).hasSize(1);
    assertThat(fixture.server.breaches()).isEmpty();
  }

  @Test
  void cancel_ofAJobThatRuns_endsIt_andAskingAgainBeginsAnother() throws Exception {
    fixture.start();
    running(7);

    fixture.ask(1, Kind.CANCEL, 7);
    until(() -> fixture.job().state() == MediaState.CANCELLED);

    assertThat(fixture.server.states()).containsExactly("CANCELED");
    assertThat(fixture.ofJobs()).isEmpty();

    fixture.server.hold(false);
    fixture.ask(1, 8);
    until(() -> fixture.job().state() == MediaState.READY);

    assertThat(fixture.server.states()).containsExactly("CANCELED", "COMPLETE");
  }

  @Test
  void cancel_whileMediaConvertIsBusy_asksNoMore() throws Exception {
    fixture.server.refuse(CREATE, 429, "TooManyRequestsException", Integer.MAX_VALUE);
    fixture.start();
    fixture.ask(1, 7);
    until(() -> fixture.server.asked(CREATE) > 1);

    fixture.ask(1, Kind.CANCEL, 7);
    until(() -> fixture.job().state() == MediaState.CANCELLED);

    assertThat(fixture.server.requests()).isEmpty();
    assertThat(fixture.ofJobs()).isEmpty();
  }

  @Test
  void cancel_ofOneOfWhichTheAnswerIsLost_endsIt() throws Exception {
    fixture.server.loseAnswers(true);
    fixture.start();
    fixture.ask(1, 7);
    until(() -> fixture.server.asked(CREATE) > 1);

    fixture.ask(1, Kind.CANCEL, 7);
    until(() -> fixture.job().state() == MediaState.CANCELLED);

    assertThat(fixture.server.states()).containsExactly("CANCELED");
  }

  @Test
  void replayThatChanges_endsItsJob_andLeavesNothing() throws Exception {
    fixture.start();
    running(7);

    fixture.replay(2, fixture.clip(lobby, 2_000_000, 3_000_000));

    until(() -> fixture.job() == null);
    assertThat(fixture.server.states()).containsExactly("CANCELED");
    assertThat(fixture.ofJobs()).isEmpty();

    fixture.server.hold(false);
    fixture.ask(2, 8);
    assertThat(fixture.ended().state()).isEqualTo(MediaState.READY);
  }

  @Test
  void replayThatChangesOnceItIsEncoded_takesItsFilesAway() throws Exception {
    fixture.start();
    fixture.ask(1, 7);
    assertThat(fixture.ended().state()).isEqualTo(MediaState.READY);

    fixture.replay(2, fixture.clip(lobby, 2_000_000, 3_000_000));

    until(() -> fixture.job() == null);
    assertThat(fixture.ofJobs()).isEmpty();
  }

  @Test
  void replayDeletedWhileNobodyRuns_endsItsJob_andLeavesNothing() throws Exception {
    String first = fixture.start();
    running(7);
    fixture.stop(first);
    fixture.deleteReplay(1);

    fixture.start();

    until(() -> fixture.job() == null);
    assertThat(fixture.server.states()).containsExactly("CANCELED");
    assertThat(fixture.names("replays/" + REPLAY)).isEmpty();
  }

  @Test
  void stageStoppedWhileAssembled_assemblesAgainUnderTheSameNames() throws Exception {
    fixture.server.refuse(CREATE, 500, "InternalServerErrorException", Integer.MAX_VALUE);
    String first = fixture.start();
    fixture.ask(1, 7);
    until(() -> fixture.server.asked(CREATE) > 0);
    List<String> before = fixture.ofJobs();
    fixture.stop(first);

    fixture.start();
    until(() -> fixture.server.asked(CREATE) > 3);

    assertThat(fixture.ofJobs()).isEqualTo(before);
    assertThat(fixture.server.requests()).isEmpty();
  }

  /** A job that MediaConvert holds. */
  private void running(long atMicros) throws Exception {
    fixture.server.hold(true);
    fixture.ask(1, atMicros);
    until(() -> fixture.server.asked(GET) > 0);
  }
}
