package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.media.MediaException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Learns of objects from a queue. Which message is deleted when:
 *
 * <ul>
 *   <li>one that announces objects of ours: once all of them have been taken, which is remembered
 *       before; until then it is kept from coming again;
 *   <li>one that says nothing to us (a test event, a deletion, what is no video, an object that was
 *       taken before): at once;
 *   <li>one that is not understood, or tells of objects elsewhere: never, so that the queue's own
 *       rule moves it aside; only where it has none, after having come ten times.
 * </ul>
 *
 * One thread.
 */
final class QueuedObjects implements Announcements {

  private static final Duration ASK_EVERY = Duration.ofSeconds(2);
  private static final Duration ASK_FOR = Duration.ofSeconds(3);
  private static final int GIVEN_UP_AFTER = 10;

  private final S3Address address;
  private final MessageQueue queue;
  private final ObjectFolder folder;
  private final Consumer<String> skipped;

  /** Objects that are yet to be taken, by the id of the message that announced them. */
  private final Map<String, Set<FolderFile>> open = new HashMap<>();

  private boolean more = true;
  private long askedNanos;

  QueuedObjects(
      S3Address address, MessageQueue queue, ObjectFolder folder, Consumer<String> skipped) {
    this.address = address;
    this.queue = queue;
    this.folder = folder;
    this.skipped = skipped;
  }

  static QueuedObjects open(S3Address address, ObjectFolder folder, Consumer<String> skipped)
      throws MediaException {
    return new QueuedObjects(address, MessageQueue.open(address), folder, skipped);
  }

  @Override
  public void collect(NavigableSet<FolderFile> hand, Predicate<FolderFile> wanted)
      throws MediaException, InterruptedException {
    queue.flush();
    long begun = System.nanoTime();
    if (!hand.isEmpty() && !more && begun - askedNanos < ASK_EVERY.toNanos()) {
      return;
    }
    do {
      if (hand.size() >= MAX_IN_HAND) {
        return;
      }
      List<Message> messages = queue.receive();
      more = !messages.isEmpty();
      for (Message message : messages) {
        take(message, hand, wanted);
      }
    } while (more && System.nanoTime() - begun < ASK_FOR.toNanos());
    askedNanos = System.nanoTime();
  }

  private void take(Message message, NavigableSet<FolderFile> hand, Predicate<FolderFile> wanted) {
    Optional<Announcement> announcement = Announcement.parse(message.body());
    if (announcement.isEmpty()) {
      leave(message, "a message that is no announcement of S3");
      return;
    }
    Set<FolderFile> ours = new HashSet<>();
    String elsewhere = null;
    for (CreatedObject object : announcement.get().created()) {
      if (!address.holds(object.bucket(), object.key())) {
        elsewhere = object.key();
      } else if (S3Address.isVideo(object.key())) {
        FolderFile file = folder.file(object.key(), object.sizeBytes(), object.timeMillis());
        if (hand.contains(file)) {
          ours.add(file);
        } else if (wanted.test(file)) {
          folder.note(file);
          hand.add(file);
          ours.add(file);
        }
      }
    }
    if (!ours.isEmpty()) {
      queue.hold(message);
      open.put(message.messageId(), ours);
    } else if (elsewhere != null) {
      leave(message, "objects outside of " + address + ", such as '" + elsewhere + "'");
    } else {
      queue.delete(message);
    }
  }

  private void leave(Message message, String what) {
    int times = MessageQueue.received(message);
    if (times == 1) {
      skipped.accept("The queue " + address.queueName() + " holds " + what);
    }
    if (times >= GIVEN_UP_AFTER) {
      queue.delete(message);
    }
  }

  @Override
  public void working() {
    queue.keep();
  }

  @Override
  public void taken(FolderFile file) {
    open.entrySet()
        .removeIf(
            entry -> {
              boolean last = entry.getValue().remove(file) && entry.getValue().isEmpty();
              if (last) {
                queue.release(entry.getKey());
              }
              return last;
            });
  }

  @Override
  public void close() {
    queue.close();
  }
}
