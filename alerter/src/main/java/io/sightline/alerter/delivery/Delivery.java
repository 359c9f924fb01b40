package io.sightline.alerter.delivery;

import io.sightline.records.Alert;
import io.sightline.records.Positions;
import io.sightline.records.plugin.Notifier;
import io.sightline.storage.RecordStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Tells alerts to channels, apart from the reading of records. Notifiers stay their owner's.
 * Methods may be called by any thread.
 */
public final class Delivery {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

  private final Vertx vertx;
  private final Context context;
  private final SentLedger ledger;
  private final Map<String, Notifier> channels;
  private final DeliveryConfig config;
  private final Clock clock;
  private final DeliveryCounts counts = new DeliveryCounts();
  private final Set<PartitionDelivery> open = ConcurrentHashMap.newKeySet();

  /**
   * @param context on which all of it runs; an event loop
   * @param channels by name
   */
  public Delivery(
      Vertx vertx,
      Context context,
      RecordStore store,
      Map<String, Notifier> channels,
      DeliveryConfig config,
      Clock clock) {
    this.vertx = vertx;
    this.context = context;
    this.ledger = new SentLedger(store, clock);
    this.channels = Map.copyOf(channels);
    this.config = config;
    this.clock = clock;
  }

  /** Goes on with what is still to be told of a partition, for as long as this process owns it. */
  public PartitionDelivery open(int partition) {
    // A restarted process is another owner, and so is this one when it gets a partition back.
    String owner = UUID.randomUUID().toString();
    PartitionDelivery delivery =
        new PartitionDelivery(
            vertx, context, partition, owner, ledger, channels, config, clock, counts);
    open.removeIf(PartitionDelivery::isClosed);
    open.add(delivery);
    delivery.start();
    return delivery;
  }

  /**
   * Writes down that a channel is to be told of an alert as it stands, and has it told.
   *
   * @return completes once that is durable, not when it has been told; a repeat changes nothing
   */
  public Future<Void> tell(PartitionDelivery partition, Alert alert, String channel) {
    Message message = Message.of(alert, channel, Positions.of(clock.instant()));
    return ledger
        .note(partition.number(), message)
        .map(
            held -> {
              held.ifPresent(partition::offer);
              return null;
            });
  }

  public DeliveryCounts counts() {
    return counts;
  }

  /** Waits a little for attempts in flight, so that they are not made again after a restart. */
  public Future<Void> close() {
    List<Future<Void>> ending = open.stream().map(PartitionDelivery::close).toList();
    return Future.join(ending)
        .<Void>mapEmpty()
        .timeout(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
  }
}
