package io.sightline.replay;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Reel;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.Replay;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one replay up to date with the segments and clips there are. Appending keeps the version,
 * so that a player that follows the playlist goes on; any other change makes a new version under a
 * new URL. Doing it again without news changes nothing. Blocking; one call at a time per replay.
 */
final class ReplayBuilder {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayBuilder.class);
  private static final String MP4 = "replay.mp4";
  private static final long TIMEOUT_SECONDS = 120;

  private final ObjectStore objects;
  private final Records<Replay> replays;
  private final ReplayItems items;
  private final ReplaySources sources;
  private final Completion completion;
  private final StoredFiles files;
  private final HeldParts held;
  private final Orders cuts;
  private final Orders parts;
  private final ReelParts made;
  private final ClipUses uses;
  private final Writer writer;
  private final ByteSource bytes;
  private final ClipIndexes indexes;
  private final ReplayMp4s mp4s;

  /** Revisions that this process has announced, of replays that may still change. */
  private final Map<String, Integer> announced = new ConcurrentHashMap<>();

  /**
   * @param files what requests name as transitions
   */
  ReplayBuilder(
      Vertx vertx,
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      StoredFiles files,
      HeldParts held,
      Clock clock) {
    this.files = files;
    this.held = held;
    this.objects = objects;
    this.replays = Records.of(records, Replay.class);
    this.items = new ReplayItems(records);
    this.sources = new ReplaySources(records);
    this.completion = new Completion(records, clock);
    this.cuts = new Orders(writer, System::nanoTime);
    this.parts = new Orders(writer, System::nanoTime);
    this.made = new ReelParts(objects, held);
    this.uses = new ClipUses(records, clock);
    this.writer = writer;
    this.bytes = this::read;
    this.indexes = new ClipIndexes(bytes);
    this.mp4s = new ReplayMp4s(vertx, objects, records, bytes, clock);
  }

  /**
   * Takes as long as its MP4 takes to write.
   *
   * @return the replay as it is now; when it is complete nothing more will change it
   * @throws TransientException when storage or Kafka may take it later
   */
  Replay build(ReplayRequest request) {
    return build(request, () -> true);
  }

  /**
   * As above.
   *
   * @param wanted asked while its MP4 is written; when it is not wanted any more, that is given up
   *     and fails with {@link TransientException}
   */
  Replay build(ReplayRequest request, BooleanSupplier wanted) {
    try {
      return build(request, new Mp4Time(true, wanted));
    } catch (Mp4DueException e) {
      throw new IllegalStateException("An MP4 that may be written was not", e);
    }
  }

  /**
   * As above, but writes no MP4.
   *
   * @return empty when one is due; nothing has changed then
   */
  Optional<Replay> buildQuickly(ReplayRequest request) {
    try {
      return Optional.of(build(request, new Mp4Time(false, () -> true)));
    } catch (Mp4DueException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether an MP4 may be written.
   *
   * @param wanted whether it still is
   */
  private record Mp4Time(boolean now, BooleanSupplier wanted) {}

  /** An MP4 is to be written, and this is not the time. */
  private static final class Mp4DueException extends Exception {

    private static final long serialVersionUID = 1;

    Mp4DueException() {
      super("An MP4 is due", null, false, false);
    }
  }

  private Replay build(ReplayRequest request, Mp4Time mp4) throws Mp4DueException {
    try {
      Optional<Replay> held = await(replays.find(StoreKeys.REPLAYS, request.replay()));
      if (held.isPresent() && held.get().requestRevision() > request.revision()) {
        return held.get();
      }
      boolean answered =
          held.isPresent()
              && held.get().requestRevision() == request.revision()
              && held.get().complete();
      // Asked before the segments are read: what is over then cannot have grown since.
      boolean over = completion.reached(request.selection(), request.rulesOrAll());
      Replay next = answered ? held.get() : next(request, held.orElse(null), over, mp4);
      if (held.isEmpty() || next.revision() > held.get().revision()) {
        await(replays.putNewer(StoreKeys.REPLAYS, next.id(), next, Replay::revision, null));
      }
      announce(next);
      if (held.isPresent() && next.version() > held.get().version()) {
        items.deleteBefore(next.id(), next.version());
      }
      return next;
    } catch (StorageException | IOException | TimeoutException e) {
      throw new TransientException("The replay " + request.replay() + " cannot be stored now", e);
    }
  }

  /** Also one that was stored before: whoever stored it may have been killed before it said so. */
  private void announce(Replay replay) throws TimeoutException {
    if (!Objects.equals(announced.get(replay.id()), replay.revision())) {
      await(writer.write(OutRecord.of(Topic.REPLAYS, replay.id(), replay)));
      announced.put(replay.id(), replay.revision());
    }
  }

  /**
   * Ends work on a replay that is no longer wanted; what was made stays playable. Takes as long as
   * the MP4 takes to write that was asked for.
   */
  void cancel(ReplayRequest request) {
    cancel(request, () -> true);
  }

  /**
   * As above.
   *
   * @param wanted asked while its MP4 is written, as in {@link #build(ReplayRequest,
   *     BooleanSupplier)}
   */
  void cancel(ReplayRequest request, BooleanSupplier wanted) {
    try {
      Optional<Replay> held = await(replays.find(StoreKeys.REPLAYS, request.replay()));
      if (held.isEmpty() || held.get().requestRevision() > request.revision()) {
        return;
      }
      Replay before = held.get();
      Replay next =
          before.state() == MediaState.CANCELLED ? before : cancelled(request, before, wanted);
      await(replays.putNewer(StoreKeys.REPLAYS, next.id(), next, Replay::revision, null));
      await(writer.write(OutRecord.of(Topic.REPLAYS, next.id(), next)));
    } catch (StorageException | IOException | TimeoutException e) {
      throw new TransientException("The replay " + request.replay() + " cannot be stored now", e);
    }
  }

  /** As it ends now, with the MP4 that was asked for. */
  private Replay cancelled(ReplayRequest request, Replay before, BooleanSupplier wanted)
      throws IOException, TimeoutException {
    boolean mp4 = before.mp4() || request.mp4();
    String indexKey = before.indexKey();
    String mp4Key = before.mp4Key();
    String error = before.error();
    if (before.segments() > 0 && before.state() != MediaState.FAILED) {
      String folder = folder(before.id(), before.version());
      // What waited for a next item plays to its end.
      indexKey = closedKey(folder, before.segments());
      if (mp4 && mp4Key == null) {
        try {
          ClipIndex reel = Json.decode(read(indexKey, 0, -1), ClipIndex.class);
          mp4s.store(before.id(), folder + MP4, reel, wanted);
          mp4Key = folder + MP4;
        } catch (MediaException e) {
          LOG.warn("The MP4 of the replay {} cannot be made: {}", before.id(), e.getMessage());
          error = "Its MP4 cannot be made: " + e.getMessage();
        }
      }
    }
    return new Replay(
        before.id(),
        before.title(),
        before.selection(),
        MediaState.CANCELLED,
        before.version(),
        before.segments(),
        before.durationMicros(),
        true,
        mp4,
        indexKey,
        mp4Key,
        before.createdMicros(),
        request.revision(),
        error,
        before.revision() + 1,
        before.publish(),
        before.audioTrack(),
        before.joins());
  }

  /** Another process may go on with a replay, or nobody need. */
  void forget(String replay) {
    announced.remove(replay);
    items.forget(replay);
    cuts.forget(replay);
    parts.forget(replay);
    held.forget(replay);
  }

  private Replay next(ReplayRequest request, Replay held, boolean over, Mp4Time mp4)
      throws IOException, TimeoutException, Mp4DueException {
    ReplayRules rules = request.rulesOrAll();
    ReplayMaterial material = sources.read(request.selection(), rules);
    cuts.order(request.replay(), sources.missing(request.selection(), rules, material));
    Function<Interludes, ReplaySelection> chooser =
        beside ->
            ReplaySelection.of(request.selection(), rules, material, request.audioTrack(), beside);
    try {
      Joins joins = Joins.of(request.transitionsOrNone(), files.files());
      ReplaySelection chosen =
          rules.mode() == ReplayRules.Mode.DURATION
              ? Interludes.choose(chooser, joins, request.audioTrack(), indexes, made)
              : chooser.apply(Interludes.NONE);
      JoinedItems joined =
          JoinedItems.read(request.replay(), chosen, joins, request.audioTrack(), indexes, made);
      parts.order(request.replay(), toOrder(joined.missing()));
      return next(request, held, joined, joins.digest(), over, mp4);
    } catch (MediaException e) {
      LOG.warn("The replay {} cannot be made: {}", request.replay(), e.getMessage());
      int version = held == null ? 1 : held.version() + 1;
      ReplaySelection chosen = chooser.apply(Interludes.NONE);
      return new Made(request, held, chosen, version, true, null)
          .header(null, null, MediaState.FAILED, e.getMessage());
    }
  }

  private Map<String, OutRecord> toOrder(Map<ReelPartOrder, String> missing) {
    Map<String, OutRecord> orders = new LinkedHashMap<>();
    missing.forEach(
        (order, stream) ->
            files
                .in(order)
                .ifPresent(
                    one -> orders.put(one.key(), OutRecord.of(Topic.REEL_PARTS, stream, one))));
    return orders;
  }

  private Replay next(
      ReplayRequest request,
      Replay held,
      JoinedItems joined,
      String joins,
      boolean over,
      Mp4Time mp4)
      throws MediaException, IOException, TimeoutException, Mp4DueException {
    ReplaySelection selection = joined.selection();
    boolean complete = over && selection.waiting() == 0;
    List<String> before = held == null ? List.of() : items.clips(held.id(), held.version());
    List<String> now = selection.clipIds();
    boolean goesOn = held != null && goesOn(request, held, before, now, joins);
    if (held != null && held.indexKey() != null && !goesOn && joined.waits()) {
      // What plays goes on playing until all is there that comes in its place.
      return held;
    }
    boolean sameRequest = held != null && held.requestRevision() == request.revision();
    // Items are stored before the header: after a kill between the two they are ahead of it.
    boolean told = sameRequest && held.segments() == now.size() && held.complete() == complete;
    if (told && before.equals(now) && Objects.equals(held.joins(), joins)) {
      // Only what is said of those that are out can be new.
      items.store(
          held.id(),
          held.version(),
          selection.items(held.id(), held.version(), request.audioTrack()));
      return held;
    }
    int version = held == null ? 1 : goesOn ? held.version() : held.version() + 1;
    List<String> further = new ArrayList<>(now);
    further.removeAll(Set.copyOf(before));
    if (!uses.hold(request.replay(), further)) {
      throw new TransientException(
          "A clip of the replay " + request.replay() + " has gone; others are chosen", null);
    }
    return store(new Made(request, held, selection, version, complete, joins), joined, mp4);
  }

  /** Players of a reel that is complete do not look for more: any change of it is a new version. */
  private static boolean goesOn(
      ReplayRequest request, Replay held, List<String> before, List<String> now, String joins) {
    if (!Objects.equals(held.joins(), joins)
        || !Objects.equals(held.audioTrack(), request.audioTrack())) {
      return false;
    }
    return before.equals(now)
        || !held.complete()
            && now.size() > before.size()
            && before.equals(now.subList(0, before.size()));
  }

  private Replay store(Made made, JoinedItems joined, Mp4Time mp4)
      throws MediaException, IOException, TimeoutException, Mp4DueException {
    String replay = made.request().replay();
    String folder = folder(replay, made.version());
    int shown = made.selection().included().size();
    String indexKey = null;
    String mp4Key = null;
    if (shown > 0) {
      // When work on it ends early, this is what plays.
      ClipIndex closed = Reel.join(replay, joined.closed());
      indexKey = put(closedKey(folder, shown), closed);
      if (made.complete() && made.request().mp4()) {
        if (!mp4.now()) {
          throw new Mp4DueException();
        }
        mp4Key = folder + MP4;
        mp4s.store(replay, mp4Key, closed, mp4.wanted());
      }
      if (!made.complete() && made.joins() != null) {
        indexKey =
            joined.open().isEmpty()
                ? null
                : put(folder + "open-" + shown + ".json", Reel.join(replay, joined.open()));
      }
    }
    items.store(
        replay,
        made.version(),
        made.selection().items(replay, made.version(), made.request().audioTrack()));
    boolean ready = made.complete() || indexKey != null;
    return made.header(indexKey, mp4Key, ready ? MediaState.READY : MediaState.PENDING, null);
  }

  private static String folder(String replay, int version) {
    return "replays/" + replay + "/" + version + "/";
  }

  private static String closedKey(String folder, int shown) {
    return folder + "index-" + shown + ".json";
  }

  private String put(String key, ClipIndex reel) throws TimeoutException {
    await(objects.put(key, Buffer.buffer(Json.encode(reel)), "application/json"));
    return key;
  }

  /**
   * A replay that is being made.
   *
   * @param held what was before; null for nothing
   */
  private record Made(
      ReplayRequest request,
      Replay held,
      ReplaySelection selection,
      int version,
      boolean complete,
      String joins) {

    Replay header(String indexKey, String mp4Key, MediaState state, String error) {
      return new Replay(
          request.replay(),
          request.title(),
          request.selection(),
          state,
          version,
          selection.included().size(),
          selection.durationMicros(),
          complete,
          request.mp4(),
          indexKey,
          mp4Key,
          held == null ? request.atMicros() : held.createdMicros(),
          request.revision(),
          error,
          held == null ? 1 : held.revision() + 1,
          request.publish(),
          request.audioTrack(),
          joins);
    }
  }

  private byte[] read(String key, long offset, long length) throws IOException {
    try {
      return await(objects.get(key, offset, length)).getBytes();
    } catch (StorageException | TimeoutException e) {
      throw new IOException("Cannot read " + key + ": " + e.getMessage(), e);
    }
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
