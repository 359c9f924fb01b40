package io.sightline.edgecapture.rtmp;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.PacketSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The place of one stream at the target. One publisher at a time: another with the right key is
 * refused as long as something comes from the first, and takes its place once that has been silent
 * for {@link #TAKE_OVER}, which a connection that broke without a word is.
 */
public final class RtmpSlot implements AutoCloseable {

  static final Duration TAKE_OVER = Duration.ofSeconds(3);

  private static final long LOOK_MILLIS = 200;

  private final RtmpTarget target;
  private final String stream;
  private final byte[] keyDigest;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Under the lock.
  private Publication current;
  private boolean closed;

  RtmpSlot(RtmpTarget target, String stream, String key) {
    this.target = target;
    this.stream = stream;
    this.keyDigest = digest(key);
  }

  String stream() {
    return stream;
  }

  /**
   * Waits for a publisher, for ever, and for what tells its tracks.
   *
   * @param stop asked often; once it answers true this ends with TIMEOUT
   * @param readTimeout how long a publisher may be silent
   * @param waiting told once, with a sentence, when there is nobody
   * @return packets of that publisher until it ends or changes its codecs
   */
  public PacketSource open(BooleanSupplier stop, Duration readTimeout, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    Publication publication = publication(stop, waiting);
    try {
      return RtmpSource.open(publication, readTimeout);
    } catch (MediaException e) {
      publication.refuse(e.getMessage());
      throw e;
    }
  }

  /** Refuses whoever comes from now on, and ends whoever is there. */
  @Override
  public void close() {
    Publication ending;
    lock.lock();
    try {
      closed = true;
      ending = current;
      current = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    target.forget(this);
    if (ending != null) {
      ending.refuse("the stream '" + stream + "' is no longer captured");
    }
  }

  /** Compares in a time that tells nothing of where keys differ. */
  boolean opensWith(String key) {
    return MessageDigest.isEqual(keyDigest, digest(key));
  }

  /**
   * @throws RtmpException when there is another publisher
   */
  Publication admit(Publication.Peer peer, String publisher) throws RtmpException {
    Publication before;
    Publication admitted = new Publication(peer, publisher);
    lock.lock();
    try {
      if (closed) {
        throw new RtmpException("The stream '" + stream + "' is no longer captured");
      }
      before = current;
      if (before != null && before.deliveredWithin(TAKE_OVER)) {
        throw new RtmpException(
            "The stream '"
                + stream
                + "' is being published to by "
                + before.publisher()
                + "; its place is free once nothing has come from there for "
                + TAKE_OVER.toSeconds()
                + " s");
      }
      current = admitted;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (before != null) {
      before.refuse("another publisher, " + publisher + ", took its place");
    }
    return admitted;
  }

  private Publication publication(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    boolean told = false;
    lock.lockInterruptibly();
    try {
      while (current == null || current.over()) {
        String trouble = target.trouble();
        if (trouble != null) {
          throw new MediaException(Reason.UNAVAILABLE, trouble);
        }
        if (stop.getAsBoolean() || closed) {
          throw new MediaException(Reason.TIMEOUT, "the stream was stopped");
        }
        if (!told) {
          told = true;
          waiting.accept("Waiting for an encoder to publish to " + target.url(stream));
        }
        changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
