package io.sightline.ingestgateway.recordings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.records.EpochInfo;
import io.sightline.records.Json;
import io.sightline.records.RecordedBlock;
import io.sightline.records.RecordingLedger;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What of a stream can be played, as JSON: in sum, and stretch by stretch. */
public final class RecordingsView {

  private static final int MAX_STRETCHES = 1_000;

  private final Records<RecordingLedger> ledgers;
  private final Records<RecordedBlock> blocks;
  private final Records<EpochInfo> epochs;
  private final Records<PinnedBlocks> pinned;

  public RecordingsView(RecordStore store) {
    this.ledgers = Records.of(store, RecordingLedger.class);
    this.blocks = Records.of(store, RecordedBlock.class);
    this.epochs = Records.of(store, EpochInfo.class);
    this.pinned = Records.of(store, PinnedBlocks.class);
  }

  /** The ledger of a stream; empty before anything of it was counted. */
  public Future<Optional<RecordingLedger>> ledger(String stream) {
    return ledgers.find(StoreKeys.LEDGERS, stream);
  }

  /**
   * The recordings of a stream.
   *
   * @param run null for all
   * @param from stretches that end before this position are left out
   * @param to stretches that begin at or after this position are left out; null for no bound
   * @return empty when nothing of it was ever counted
   */
  public Future<Optional<ObjectNode>> of(String stream, String run, long from, Long to) {
    return ledger(stream)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.<ObjectNode>empty())
                    : stored(found.get())
                        .compose(
                            kept ->
                                pinned
                                    .all(StoreKeys.pinnedRecordings(stream), null, null)
                                    .map(
                                        held ->
                                            view(
                                                found.get(),
                                                kept,
                                                held,
                                                new Wanted(run, from, to))))
                        .compose(view -> withInputs(stream, view))
                        .map(Optional::of));
  }

  /** Says of each stretch which input it is made of, where its stream has a choice. */
  private Future<ObjectNode> withInputs(String stream, ObjectNode view) {
    JsonNode stretches = view.path("stretches");
    TreeSet<String> shown = new TreeSet<>();
    stretches.forEach(stretch -> shown.add(stretch.path("epoch").asText()));
    if (shown.isEmpty()) {
      return Future.succeededFuture(view);
    }
    return epochs
        .all(StoreKeys.epochs(stream), shown.first(), shown.last() + "~")
        .map(
            infos -> {
              Map<String, EpochInfo> byEpoch = new HashMap<>();
              infos.forEach(info -> byEpoch.put(info.epoch(), info));
              for (JsonNode stretch : stretches) {
                EpochInfo info = byEpoch.get(stretch.path("epoch").asText());
                if (info != null && info.input() != null) {
                  ((ObjectNode) stretch).put("input", info.input());
                  if (info.because() != null) {
                    ((ObjectNode) stretch).put("because", info.because());
                  }
                }
              }
              return view;
            });
  }

  private record Wanted(String run, long from, Long to) {
    boolean test(RecordedBlock block) {
      return block.chunks() > 0
          && (run == null || run.equals(block.run()))
          && block.endMicros() > from
          && (to == null || block.startMicros() < to);
    }
  }

  /** Neighbouring blocks of one epoch. */
  private record Stretch(
      String run,
      String epoch,
      long startMicros,
      long endMicros,
      long chunks,
      long bytes,
      boolean pinned) {

    static Stretch of(RecordedBlock block, boolean pinned) {
      return new Stretch(
          block.run(),
          block.epoch(),
          block.startMicros(),
          block.endMicros(),
          block.chunks(),
          block.bytes(),
          pinned);
    }

    boolean joins(Stretch next) {
      return pinned == next.pinned
          && run.equals(next.run)
          && epoch.equals(next.epoch)
          && next.startMicros - endMicros <= LedgerBook.GAP_MICROS;
    }

    Stretch with(Stretch next) {
      return new Stretch(
          run,
          epoch,
          startMicros,
          Math.max(endMicros, next.endMicros),
          chunks + next.chunks,
          bytes + next.bytes,
          pinned);
    }
  }

  /** Complete blocks that count; what is open stands in the ledger itself. */
  private Future<List<RecordedBlock>> stored(RecordingLedger ledger) {
    LedgerBook book = new LedgerBook(ledger, RetentionLimits.DEFAULT);
    return collect(Query.all(StoreKeys.recordings(ledger.stream())), book, new ArrayList<>());
  }

  private Future<List<RecordedBlock>> collect(
      Query query, LedgerBook book, List<RecordedBlock> all) {
    return blocks
        .query(query)
        .compose(
            page -> {
              page.items().stream().filter(book::counts).forEach(all::add);
              return page.raw().nextSort() == null
                  ? Future.succeededFuture(all)
                  : collect(query.after(page.raw()), book, all);
            });
  }

  private static ObjectNode view(
      RecordingLedger ledger, List<RecordedBlock> kept, List<PinnedBlocks> held, Wanted wanted) {
    List<RecordedBlock> counted = new ArrayList<>(kept);
    counted.addAll(ledger.open());
    List<Stretch> parts = new ArrayList<>();
    counted.stream().filter(wanted::test).forEach(block -> parts.add(Stretch.of(block, false)));
    held.stream()
        .flatMap(one -> one.blocks().stream())
        .filter(wanted::test)
        .forEach(block -> parts.add(Stretch.of(block, true)));
    List<Stretch> stretches = joined(parts);

    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("stream", ledger.stream());
    node.put("chunks", ledger.chunks());
    node.put("bytes", ledger.bytes());
    node.put("pinnedChunks", ledger.pinnedChunks());
    node.put("pinnedBytes", ledger.pinnedBytes());
    if (ledger.keep() != null) {
      node.set("keep", Json.MAPPER.valueToTree(ledger.keep()));
    }
    counted.stream()
        .filter(block -> block.chunks() > 0)
        .mapToLong(RecordedBlock::firstArrivalMicros)
        .min()
        .ifPresent(oldest -> node.put("oldestArrivalMicros", oldest));
    counted.stream()
        .filter(block -> block.chunks() > 0)
        .mapToLong(RecordedBlock::lastArrivalMicros)
        .max()
        .ifPresent(newest -> node.put("newestArrivalMicros", newest));
    ArrayNode shown = node.putArray("stretches");
    int first = Math.max(0, stretches.size() - MAX_STRETCHES);
    stretches
        .subList(first, stretches.size())
        .forEach(stretch -> shown.add(Json.MAPPER.valueToTree(stretch)));
    node.put("complete", first == 0);
    return node;
  }

  private static List<Stretch> joined(List<Stretch> parts) {
    parts.sort(
        Comparator.comparing(Stretch::run)
            .thenComparing(Stretch::startMicros)
            .thenComparing(Stretch::epoch));
    List<Stretch> joined = new ArrayList<>();
    for (Stretch part : parts) {
      Stretch last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && last.joins(part)) {
        joined.set(joined.size() - 1, last.with(part));
      } else {
        joined.add(part);
      }
    }
    joined.sort(Comparator.comparing(Stretch::startMicros).thenComparing(Stretch::run));
    return joined;
  }
}
