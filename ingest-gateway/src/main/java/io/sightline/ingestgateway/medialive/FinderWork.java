package io.sightline.ingestgateway.medialive;

import io.sightline.ingestgateway.streams.FoundStreams;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.medialive.MediaLiveClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The pieces of a finder's work. Those that ask AWS block; those that write streams do not. Clients
 * are made when they are first needed, so that a gateway that never looks needs no credentials.
 */
final class FinderWork {

  private static final Logger LOG = LoggerFactory.getLogger(FinderWork.class);

  private final MediaLiveSettings settings;
  private final AwsAccess access;
  private final FoundStreams found;
  private final FinderMeters meters;

  // Guarded by this.
  private MediaLiveClient mediaLive;
  private SqsClient sqs;

  FinderWork(
      MediaLiveSettings settings, AwsAccess access, FoundStreams found, FinderMeters meters) {
    this.settings = settings;
    this.access = access;
    this.found = found;
    this.meters = meters;
  }

  List<Channel> channels() {
    return source().all();
  }

  List<Channel> channels(Set<String> ids) {
    Channels source = source();
    List<Channel> some = new ArrayList<>();
    ids.forEach(id -> source.find(id).ifPresent(some::add));
    return some;
  }

  StateChanges.Batch messages() {
    return queue().next();
  }

  Void taken(StateChanges.Batch batch) {
    queue().taken(batch);
    return null;
  }

  /** Makes the streams those of all channels; false when the lease is somebody else's. */
  Future<Boolean> all(long fence, Collection<Channel> channels) {
    return found
        .all()
        .compose(
            known -> {
              Reconciliation needed = Reconciliation.ofAll(known, channels, settings);
              int news =
                  (int)
                      needed.there().stream()
                          .filter(one -> !known.containsKey(one.stream().name()))
                          .count();
              meters.found(known.size() - needed.gone().size() + news);
              return write(fence, needed);
            });
  }

  /** The same of some channels. */
  Future<Boolean> some(long fence, Set<String> looked, Collection<Channel> channels) {
    return found
        .all()
        .compose(known -> write(fence, Reconciliation.ofSome(known, looked, channels, settings)));
  }

  private Future<Boolean> write(long fence, Reconciliation needed) {
    needed.there().forEach(one -> LOG.info("{}: {}", one.stream().name(), one.what()));
    needed.gone().forEach(name -> LOG.info("{}: the pipeline does not run any more", name));
    return found.change(fence, needed.there(), needed.gone());
  }

  private synchronized Channels source() {
    if (mediaLive == null) {
      mediaLive = access.mediaLive().get();
    }
    return new Channels(mediaLive, settings.rules());
  }

  private synchronized StateChanges queue() {
    if (sqs == null) {
      sqs = access.sqs().get();
    }
    return new StateChanges(sqs, settings.queue(), settings.region());
  }

  synchronized void close() {
    if (mediaLive != null) {
      mediaLive.close();
    }
    if (sqs != null) {
      sqs.close();
    }
  }
}
