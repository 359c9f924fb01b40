package io.sightline.bus;

import io.github.resilience4j.core.IntervalFunction;
import io.sightline.bus.BusException.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition (one number, on every topic of the stage) that the group has given to this reader:
 * claimed, opened, checkpointed, taken back to its last checkpoint when something may pass.
 *
 * <h2>Who owns a checkpoint</h2>
 *
 * Kafka says who owns a partition, but it cannot stop an owner that was paused from storing what it
 * holds. The checkpoint can: each save names the version it follows, and fails with FENCED when
 * another came between. So states form one line of descent whoever writes them, and no group
 * generation has to be compared; a group that was deleted and counts from one again locks nobody
 * out.
 *
 * <p>A new owner must move the version at once, else an older one could store once more over what
 * the new one reads from. It <em>claims</em>:
 *
 * <ol>
 *   <li>load the checkpoint and its version;
 *   <li>ask the group whether we are a member of its current generation: committing the offsets we
 *       start from does, because the coordinator refuses commits of any other generation;
 *   <li>save the same content under our name, if the version is still the loaded one.
 * </ol>
 *
 * A late claim of an owner that was paused cannot win. Paused before (2), the group refuses it.
 * Paused after (2), it was the owner then, so whoever is now claimed after that, the version has
 * moved, and (3) fails. Should its claim come first, the current owner's (3) fails; that one begins
 * again at (1), is confirmed by the group, and fences the other. Cost: one commit and one save per
 * assignment.
 */
final class OwnedPartition {

  private static final int CLAIMS = 5;
  private static final Duration KAFKA_TIME = Duration.ofSeconds(5);
  private static final long NOT_MEMBER_PAUSE_MILLIS = 100;
  private static final Logger log = LoggerFactory.getLogger(OwnedPartition.class);

  private final ReaderParts parts;
  private final int number;
  private final Map<TopicPartition, Topic> topics;
  private final IntervalFunction pauses;
  private final FailedAttempts attempts = new FailedAttempts();

  private PartitionSession session;
  private long version;
  private boolean reading;
  private long openAt = System.nanoTime();
  private int failedOpens;
  private long saveAt;
  private int failedSaves;
  private long heldSince;

  OwnedPartition(ReaderParts parts, int number, Map<TopicPartition, Topic> topics) {
    this.parts = parts;
    this.number = number;
    this.topics = Map.copyOf(topics);
    StageReaderConfig config = parts.config();
    this.pauses =
        IntervalFunction.ofExponentialRandomBackoff(
            config.retryPause().toMillis(), 2.0, 0.5, config.maxRetryPause().toMillis());
    parts.consumer().pause(topics.keySet());
  }

  /** Does what is due. Returns whether records were delivered. */
  boolean turn() {
    long now = System.nanoTime();
    if (session == null) {
      if (now - openAt >= 0) {
        open();
      }
      return false;
    }
    if (session.failure() != null) {
      if (session.idle()) {
        rewind();
      }
      return false;
    }
    boolean delivered = session.deliver(failedSaves == 0);
    if (session.failure() == null && saveDue(System.nanoTime())) {
      hold(now);
      if (session.idle()) {
        save();
        if (session != null) {
          session.release();
        }
      }
    }
    return delivered;
  }

  /** Reads on or pauses, as there is room. */
  void steer() {
    boolean wanted = session != null && session.failure() == null && !session.overfull();
    if (wanted != reading) {
      reading = wanted;
      if (wanted) {
        parts.consumer().resume(topics.keySet());
      } else {
        parts.consumer().pause(topics.keySet());
      }
    }
  }

  void offer(ConsumerRecord<byte[], byte[]> record) {
    // Without a session it is read again: opening one seeks.
    if (session != null) {
      session.offer(topics.get(new TopicPartition(record.topic(), record.partition())), record);
    }
  }

  boolean isOpen() {
    return session != null;
  }

  /** Whether something waits that a completion may set free. */
  boolean isPressed() {
    return session != null
        && (session.hasWaiting()
            || session.failure() != null
            || session.deliveredSinceSave() > 0 && System.nanoTime() - saveAt >= 0);
  }

  int waiting() {
    return session == null ? 0 : session.waiting();
  }

  Map<TopicPartition, Topic> topics() {
    return topics;
  }

  /** Delivers no more. */
  void hold() {
    if (session != null) {
      session.hold();
    }
  }

  /** Whether nothing is in flight. */
  boolean idle() {
    return session == null || session.idle();
  }

  /**
   * Stores what was done, for whoever owns the partition next; the last thing but {@link #close()}.
   *
   * @return the offsets to commit; empty when nothing could be stored
   */
  Map<TopicPartition, OffsetAndMetadata> saveLast(long deadline) {
    if (session == null || !session.idle() || session.failure() != null) {
      if (session != null && !session.idle()) {
        log.warn(
            "{} {}: work in flight did not end in time and is given up",
            parts.config().group(),
            number);
      }
      return Map.of();
    }
    while (session.deliveredSinceSave() > 0) {
      save();
      if (session == null || session.failure() != null) {
        return Map.of();
      }
      if (session.deliveredSinceSave() > 0) {
        if (System.nanoTime() - deadline >= 0) {
          return Map.of();
        }
        parts.completions().await(Duration.ofNanos(Math.max(1, saveAt - System.nanoTime())));
      }
    }
    return commitable(session.offsets());
  }

  /** Ends work on it without storing anything. */
  void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  private void open() {
    try {
      for (int i = 0; i < CLAIMS; i++) {
        if (claimAndOpen()) {
          return;
        }
      }
      openAfter(NOT_MEMBER_PAUSE_MILLIS);
    } catch (Exception e) {
      failedOpens++;
      long pause = pauses.apply(failedOpens);
      openAfter(pause);
      log.warn(
          "{} {} cannot be opened ({} times now), next try in {} ms: {}",
          parts.config().group(),
          number,
          failedOpens,
          pause,
          e.toString(),
          failedOpens == 1 ? e : null);
    }
  }

  /** Returns false when somebody else stored a checkpoint between, so that it is to be repeated. */
  private boolean claimAndOpen() throws Exception {
    String group = parts.config().group();
    Optional<Checkpoints.Stored> stored = parts.checkpoints().load(group, number);
    CheckpointContent content =
        stored
            .map(held -> CheckpointContent.decode(held.content()))
            .orElse(CheckpointContent.EMPTY);
    Map<Topic, Long> start = seek(content);
    try {
      parts.consumer().commitSync(commitable(start), KAFKA_TIME);
    } catch (CommitFailedException | RebalanceInProgressException e) {
      log.info("{} {} belongs to somebody else by now", group, number);
      openAfter(NOT_MEMBER_PAUSE_MILLIS);
      return true;
    }
    ConsumerGroupMetadata member = parts.consumer().groupMetadata();
    try {
      version =
          parts
              .checkpoints()
              .save(
                  group,
                  number,
                  content.ownedBy(member.memberId(), member.generationId()).encode(),
                  stored.map(Checkpoints.Stored::version).orElse(Checkpoints.ABSENT));
    } catch (BusException e) {
      if (e.reason() == Reason.FENCED) {
        return false;
      }
      throw e;
    }
    StagePartition work = parts.stage().open(number, content.state());
    session =
        new PartitionSession(
            parts, number, work, new SequenceFilter(content.seen()), attempts, start);
    failedOpens = 0;
    failedSaves = 0;
    saveAfter(parts.config().checkpointEvery().toMillis());
    return true;
  }

  private Map<Topic, Long> seek(CheckpointContent content) {
    Map<Topic, Long> start = new EnumMap<>(Topic.class);
    topics.forEach(
        (partition, topic) -> {
          Long offset = content.offsets().get(topic.id());
          if (offset == null) {
            parts.consumer().seekToBeginning(List.of(partition));
            offset = parts.consumer().position(partition, KAFKA_TIME);
          } else {
            parts.consumer().seek(partition, offset);
          }
          start.put(topic, offset);
        });
    return start;
  }

  private void rewind() {
    Throwable failure = session.failure();
    close();
    parts.counters().rewinds.increment();
    int tries = Math.max(1, attempts.most());
    long pause = pauses.apply(tries);
    openAfter(pause);
    log.warn(
        "{} {} goes back to its last checkpoint in {} ms ({} tries): {}",
        parts.config().group(),
        number,
        pause,
        tries,
        failure.getMessage());
  }

  private boolean saveDue(long now) {
    if (session.deliveredSinceSave() == 0) {
      return false;
    }
    return now - saveAt >= 0 || (failedSaves == 0 && session.wantsSave());
  }

  private void hold(long now) {
    if (heldSince == 0) {
      heldSince = now;
    }
    session.hold();
    if (now - heldSince > parts.config().drainTimeout().toNanos()) {
      heldSince = now;
      log.warn(
          "{} {}: a checkpoint has waited {} s for work in flight",
          parts.config().group(),
          number,
          parts.config().drainTimeout().toSeconds());
    }
  }

  private void save() {
    heldSince = 0;
    String group = parts.config().group();
    ConsumerGroupMetadata member = parts.consumer().groupMetadata();
    try {
      byte[] content = session.content().ownedBy(member.memberId(), member.generationId()).encode();
      version = parts.checkpoints().save(group, number, content, version);
    } catch (RuntimeException e) {
      if (e instanceof BusException bus && bus.reason() == Reason.FENCED) {
        parts.counters().fenced.increment();
        log.info("{} {} has another owner by now; what was done here is dropped", group, number);
        close();
        openAfter(NOT_MEMBER_PAUSE_MILLIS);
      } else {
        // Nothing is lost yet: work goes on, and only a kill would make it be done again.
        failedSaves++;
        saveAfter(pauses.apply(failedSaves));
        if (failedSaves == 1) {
          log.warn(
              "{} {}: the checkpoint was not stored, and is tried again: {}",
              group,
              number,
              e.toString());
        }
      }
      return;
    }
    if (failedSaves > 0) {
      log.info("{} {}: the checkpoint is stored, after {} tries", group, number, failedSaves);
    }
    failedSaves = 0;
    session.saved();
    parts.counters().checkpoints.increment();
    saveAfter(parts.config().checkpointEvery().toMillis());
    parts.consumer().commitAsync(commitable(session.offsets()), (offsets, problem) -> {});
  }

  private Map<TopicPartition, OffsetAndMetadata> commitable(Map<Topic, Long> offsets) {
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
    topics.forEach(
        (partition, topic) -> all.put(partition, new OffsetAndMetadata(offsets.get(topic))));
    return all;
  }

  private void openAfter(long millis) {
    openAt = System.nanoTime() + Duration.ofMillis(millis).toNanos();
  }

  private void saveAfter(long millis) {
    saveAt = System.nanoTime() + Duration.ofMillis(millis).toNanos();
  }
}
