package io.sightline.ingestgateway.ingest;

import io.sightline.records.EpochInfo;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The epochs that are being taken by this gateway. Used on one event loop. */
final class EpochRegistry {

  private final Set<EpochIntake> intakes = new LinkedHashSet<>();
  private final Set<EpochIntake> leaving = new LinkedHashSet<>();
  private final IngestMeters meters;

  EpochRegistry(IngestMeters meters) {
    this.meters = meters;
  }

  void add(EpochIntake intake) {
    intakes.add(intake);
    meters.connected();
  }

  /** Whether a connection with this very fence is or was here and is not settled. */
  boolean has(EpochInfo info) {
    return find(info.stream(), info.run())
        .filter(one -> one.info().epoch().equals(info.epoch()))
        .filter(one -> one.info().fence() >= info.fence())
        .isPresent();
  }

  Optional<EpochIntake> find(String stream, String run) {
    return intakes.stream()
        .filter(one -> one.info().stream().equals(stream) && one.info().run().equals(run))
        .findFirst();
  }

  /** Closes what has a lower fence than an epoch that was just opened. */
  void fenceBelow(EpochInfo opened) {
    List<EpochIntake> all = new ArrayList<>(intakes);
    all.addAll(leaving);
    for (EpochIntake one : all) {
      EpochInfo info = one.info();
      if (info.stream().equals(opened.stream())
          && info.run().equals(opened.run())
          && info.fence() < opened.fence()) {
        one.fence();
      }
    }
  }

  /** Its source is gone; what it brought is finished. */
  Future<Void> gone(EpochIntake intake) {
    if (!intakes.remove(intake)) {
      return Future.succeededFuture();
    }
    meters.disconnected();
    leaving.add(intake);
    return intake.close().onComplete(v -> leaving.remove(intake));
  }

  /** Notes how far all have come. */
  void note() {
    List.copyOf(intakes).forEach(EpochIntake::note);
  }

  /** Lets go of all; completes when what they brought is durable and noted. */
  Future<Void> close() {
    List<Future<Void>> all = new ArrayList<>();
    for (EpochIntake one : List.copyOf(intakes)) {
      one.refuse(Refusal.stopping());
      all.add(gone(one));
    }
    leaving.forEach(one -> all.add(one.close()));
    return Future.join(all).mapEmpty();
  }
}
