package io.sightline.ingestgateway.streams;

import io.sightline.ingestgateway.Declared;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Profile;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamSpec;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * The streams of the configuration, those made over the API and those that were found, under one
 * revision that rises with every change. Where two have one name, the configuration goes before the
 * API, and the API before what was found. Used on one event loop.
 */
public final class StreamCatalog {

  private static final String DECLARED = "declared-streams";

  /** Beside the digests of streams, none of which can have this name. */
  private static final String TIME_ZONE = "timeZone";

  private final Declared declared;
  private final Revisions revisions;
  private final List<FoundBy> found;
  private final Records<StoredStream> made;
  private final Records<DeclaredDigest> digests;
  private final List<Runnable> watchers = new ArrayList<>();

  private TreeMap<String, StreamEntry> entries = new TreeMap<>();
  private long revision;

  public StreamCatalog(Declared declared, RecordStore store) {
    this.declared = declared;
    this.revisions = new Revisions(store);
    this.found =
        declared.finders().stream()
            .map(StreamFinder::name)
            .map(name -> new FoundBy(name, new FoundStreams(store, name, Clock.systemUTC())))
            .toList();
    this.made = Records.of(store, StoredStream.class);
    this.digests = Records.of(store, DeclaredDigest.class);
  }

  private record FoundBy(String finder, FoundStreams streams) {}

  /** Reads all streams; to be called before anything else. */
  public Future<Void> start() {
    return noteDeclared().compose(v -> reload());
  }

  public Collection<StreamEntry> all() {
    return entries.values();
  }

  public Collection<Profile> profiles() {
    return new TreeMap<>(declared.profiles()).values();
  }

  public Optional<StreamEntry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /**
   * @throws Problem 404 when there is none of that name
   */
  public StreamEntry require(String name) {
    return find(name).orElseThrow(() -> Problem.notFound("There is no stream '" + name + "'."));
  }

  public long revision() {
    return revision;
  }

  /** Calls {@code watcher} after every change, on the event loop. */
  public void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  /**
   * Makes or changes a stream.
   *
   * @return whether it was made; fails with a {@link Problem} when it cannot be
   */
  public Future<Boolean> put(StreamSpec spec) {
    StreamEntry entry = entries.get(spec.name());
    if (entry != null && !entry.origin().isOpen()) {
      return Future.failedFuture(readOnly(entry));
    }
    if (!declared.profiles().containsKey(spec.profile())) {
      return Future.failedFuture(
          Problem.of(
              422,
              "There is no profile '"
                  + spec.profile()
                  + "'; there are "
                  + declared.profiles().keySet().stream().sorted().collect(Collectors.joining(", "))
                  + "."));
    }
    boolean isNew = entry == null;
    return change(
            next -> made.put(StoreKeys.STREAMS, spec.name(), new StoredStream(spec, next), null))
        .map(isNew);
  }

  /** Removes a stream made over the API; fails with a {@link Problem} for others. */
  public Future<Void> remove(String name) {
    StreamEntry entry = entries.get(name);
    if (entry == null) {
      return Future.failedFuture(Problem.notFound("There is no stream '" + name + "'."));
    }
    if (!entry.origin().isOpen()) {
      return Future.failedFuture(readOnly(entry));
    }
    return change(next -> made.delete(StoreKeys.STREAMS, name));
  }

  /** Reads the streams again if somebody changed them. */
  public Future<Void> refresh() {
    return revisions
        .current()
        .compose(now -> now == revision ? Future.succeededFuture() : reload());
  }

  private static Problem readOnly(StreamEntry entry) {
    return Problem.of(409, entry.origin().refusal(entry.spec().name()));
  }

  private Future<Void> change(LongFunction<Future<Void>> write) {
    return revisions.change(next -> write.apply(next).map(true)).compose(v -> reload());
  }

  private Future<Void> reload() {
    return revisions
        .current()
        .compose(
            now ->
                Future.all(
                        made.all(StoreKeys.STREAMS, null, null), declaredEntries(), foundEntries())
                    .map(
                        read -> {
                          replace(now, read.resultAt(0), read.resultAt(1), read.resultAt(2));
                          return null;
                        }));
  }

  private void replace(
      long now, List<StoredStream> streams, List<StreamEntry> fixed, List<StreamEntry> others) {
    TreeMap<String, StreamEntry> next = new TreeMap<>();
    others.forEach(entry -> next.put(entry.spec().name(), entry));
    for (StoredStream stored : streams) {
      put(next, stored.stream(), StreamOrigin.API, stored.revision());
    }
    fixed.forEach(entry -> next.put(entry.spec().name(), entry));
    entries = next;
    revision = now;
    watchers.forEach(Runnable::run);
  }

  /** Leaves it out when its profile is no longer declared. */
  private void put(
      Map<String, StreamEntry> next, StreamSpec spec, StreamOrigin origin, long streamRevision) {
    Profile profile = declared.profiles().get(spec.profile());
    if (profile != null) {
      next.put(
          spec.name(), new StreamEntry(spec, profile, origin, streamRevision, declared.timeZone()));
    }
  }

  private Future<List<StreamEntry>> foundEntries() {
    List<Future<List<FoundStream>>> reads =
        found.stream().map(finder -> finder.streams().stored()).toList();
    return Future.all(reads)
        .map(
            read -> {
              Map<String, StreamEntry> all = new TreeMap<>();
              for (int i = reads.size() - 1; i >= 0; i--) {
                for (FoundStream one : reads.get(i).result()) {
                  StreamOrigin origin = StreamOrigin.found(found.get(i).finder(), one.what());
                  put(all, one.stream(), origin, one.revision());
                }
              }
              return List.copyOf(all.values());
            });
  }

  private Future<List<StreamEntry>> declaredEntries() {
    List<Future<StreamEntry>> found = new ArrayList<>();
    for (StreamSpec spec : declared.streams()) {
      Profile profile = declared.profiles().get(spec.profile());
      found.add(
          digests
              .find(DECLARED, spec.name())
              .map(
                  digest ->
                      new StreamEntry(
                          spec,
                          profile,
                          StreamOrigin.file(declared.where()),
                          digest.map(DeclaredDigest::revision).orElse(0L),
                          declared.timeZone())));
    }
    return Future.all(found).map(all -> all.<StreamEntry>list());
  }

  /**
   * Gives a new revision to each declared stream that is not as it was at the last start; another
   * time zone changes them all.
   */
  private Future<Void> noteDeclared() {
    List<Future<Optional<StreamSpec>>> checks =
        declared.streams().stream().map(this::changed).collect(Collectors.toList());
    return Future.all(checks)
        .compose(
            all -> {
              List<StreamSpec> changed = new ArrayList<>();
              all.<Optional<StreamSpec>>list().forEach(one -> one.ifPresent(changed::add));
              return sameTimeZone()
                  .compose(
                      same ->
                          same && changed.isEmpty()
                              ? Future.succeededFuture()
                              : change(next -> note(changed, next)));
            });
  }

  private Future<Boolean> sameTimeZone() {
    return digests
        .find(DECLARED, TIME_ZONE)
        .map(
            known -> known.isPresent() && known.get().digest().equals(declared.timeZone().getId()));
  }

  private Future<Optional<StreamSpec>> changed(StreamSpec spec) {
    return digests
        .find(DECLARED, spec.name())
        .map(
            known ->
                known.isPresent() && known.get().digest().equals(digest(spec))
                    ? Optional.empty()
                    : Optional.of(spec));
  }

  private Future<Void> note(List<StreamSpec> changed, long next) {
    List<Future<Void>> writes = new ArrayList<>();
    DeclaredDigest zone = new DeclaredDigest(declared.timeZone().getId(), next);
    writes.add(digests.put(DECLARED, TIME_ZONE, zone, null));
    for (StreamSpec spec : changed) {
      DeclaredDigest digest = new DeclaredDigest(digest(spec), next);
      writes.add(digests.put(DECLARED, spec.name(), digest, null));
    }
    return Future.all(writes).mapEmpty();
  }

  private String digest(StreamSpec spec) {
    Profile profile = declared.profiles().get(spec.profile());
    return Ids.digest(Ids.digest(Json.encode(spec)) + profile.digest());
  }
}
