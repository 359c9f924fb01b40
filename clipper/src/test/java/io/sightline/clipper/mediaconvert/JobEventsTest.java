package io.sightline.clipper.mediaconvert;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events about jobs, from a queue server. */
class JobEventsTest {

  private static final String JOB = "1763700000000-abc123";

  private EventQueue queue;
  private JobEvents events;
  private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() {
    System.setProperty("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE");
    System.setProperty("aws.secretAccessKey", "no-secret");
    queue = new EventQueue();
    events = new JobEvents(settings(queue.url()));
  }

  @AfterEach
  void close() {
    events.close();
    queue.close();
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  void event_ofAJobThatIsFollowed_isTold_andAllOthersAreTakenOut() throws Exception {
    events.follow(JOB, () -> changed.add(JOB));
    events.follow("another", () -> changed.add("another"));

    queue.send("no JSON at all");
    queue.send("{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\"}");
    queue.send(EventQueue.event("aws.mediaconvert", "1763700000001-of-others"));
    queue.send(EventQueue.event("aws.medialive", JOB));
    queue.send(EventQueue.event("aws.mediaconvert", JOB));

    assertThat(changed.poll(30, TimeUnit.SECONDS)).isEqualTo(JOB);
    awaitMessages(left -> left == 0);
    assertThat(changed).isEmpty();
  }

  @Test
  void event_ofAJobThatIsLeft_isNotTold() throws Exception {
    events.follow(JOB, () -> changed.add(JOB));
    events.leave(JOB);

    queue.send(EventQueue.event("aws.mediaconvert", JOB));

    awaitMessages(left -> left == 0);
    assertThat(changed).isEmpty();
  }

  @Test
  void pause_wokenBeforeOrWhileItWaits_endsAtOnce() throws Exception {
    Stop stop = new Stop();
    stop.wake();
    stop.pause(Duration.ofHours(1));
    Thread other = new Thread(stop::wake);
    other.start();
    stop.pause(Duration.ofHours(1));

    other.join();
  }

  private void awaitMessages(IntPredicate wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!wanted.test(queue.messages())) {
      assertThat(System.nanoTime()).as("messages in the queue").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static MediaConvertSettings settings(URI events) {
    return new MediaConvertSettings(
        "eu-west-1",
        null,
        "arn:aws:iam::111122223333:role/MediaConvert",
        null,
        "s3://my-video",
        Quality.SINGLE_PASS,
        MediaConvertSettings.DEFAULT_MAX_BITRATE,
        false,
        null,
        1,
        MediaConvertSettings.DEFAULT_POLL_BESIDE_EVENTS,
        events,
        Map.of(),
        Map.of(),
        null);
  }
}
