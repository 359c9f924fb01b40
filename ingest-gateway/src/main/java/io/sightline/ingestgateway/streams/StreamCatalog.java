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
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The streams of the configuration and those made over the API, under one revision that rises with
 * every change. A change writes the stream first and the revision last; other gateways see the
 * revision and read the streams again. Used on one event loop.
 */
public final class StreamCatalog {

  private static final String REVISIONS = "stream-revisions";
  private static final String CURRENT = "current";
  private static final String DECLARED = "declared-streams";

  /** Beside the digests of streams, none of which can have this name. */
  private static final String TIME_ZONE = "timeZone";

  private static final int ATTEMPTS = 20;

  private final Declared declared;
  private final RecordStore store;
  private final Records<StoredStream> made;
  private final Records<DeclaredDigest> digests;
  private final List<Runnable> watchers = new ArrayList<>();

  private TreeMap<String, StreamEntry> entries = new TreeMap<>();
  private long revision;

  public StreamCatalog(Declared declared, RecordStore store) {
    this.declared = declared;
    this.store = store;
    this.made = Records.of(store, StoredStream.class);
    this.digests = Records.of(store, DeclaredDigest.class);
  }

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
    if (entry != null && entry.declaredIn() != null) {
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
            next -> made.put(StoreKeys.STREAMS, spec.name(), new StoredStream(spec, next), null),
            ATTEMPTS)
        .map(isNew);
  }

  /** Removes a stream made over the API; fails with a {@link Problem} for others. */
  public Future<Void> remove(String name) {
    StreamEntry entry = entries.get(name);
    if (entry == null) {
      return Future.failedFuture(Problem.notFound("There is no stream '" + name + "'."));
    }
    if (entry.declaredIn() != null) {
      return Future.failedFuture(readOnly(entry));
    }
    return change(next -> made.delete(StoreKeys.STREAMS, name), ATTEMPTS);
  }

  /** Reads the streams again if somebody changed them. */
  public Future<Void> refresh() {
    return current().compose(now -> now.revision == revision ? Future.succeededFuture() : reload());
  }

  private static Problem readOnly(StreamEntry entry) {
    return Problem.of(
        409,
        "The stream '"
            + entry.spec().name()
            + "' is declared in "
            + entry.declaredIn()
            + "; change it there.");
  }

  /** A write that belongs to the revision it is given. */
  private interface Change {
    Future<Void> at(long revision);
  }

  private Future<Void> change(Change change, int attempts) {
    return current()
        .compose(
            now ->
                change
                    .at(now.revision + 1)
                    .compose(v -> bump(now))
                    .recover(failure -> again(change, attempts, failure)))
        .compose(v -> reload());
  }

  private Future<Void> again(Change change, int attempts, Throwable failure) {
    boolean raced =
        failure instanceof StorageException storage
            && storage.reason() == StorageException.Reason.CONFLICT;
    return raced && attempts > 1 ? change(change, attempts - 1) : Future.failedFuture(failure);
  }

  private Future<Void> bump(Counter now) {
    byte[] next = Json.encode(new Revision(now.revision + 1));
    return store.putIf(REVISIONS, CURRENT, next, null, now.version).mapEmpty();
  }

  private record Counter(long revision, long version) {}

  private Future<Counter> current() {
    return store
        .get(REVISIONS, CURRENT)
        .map(
            stored ->
                new Counter(
                    Json.decode(stored.value(), Revision.class).revision(), stored.version()))
        .recover(
            failure ->
                failure instanceof StorageException storage
                        && storage.reason() == StorageException.Reason.NOT_FOUND
                    ? Future.succeededFuture(new Counter(0, RecordStore.ABSENT))
                    : Future.failedFuture(failure));
  }

  private Future<Void> reload() {
    return current()
        .compose(
            now ->
                made.all(StoreKeys.STREAMS, null, null)
                    .compose(
                        streams ->
                            declaredEntries()
                                .map(
                                    fixed -> {
                                      replace(now.revision, streams, fixed);
                                      return null;
                                    })));
  }

  private void replace(long now, List<StoredStream> streams, List<StreamEntry> fixed) {
    TreeMap<String, StreamEntry> next = new TreeMap<>();
    for (StoredStream stored : streams) {
      Profile profile = declared.profiles().get(stored.stream().profile());
      if (profile != null) {
        StreamSpec spec = stored.stream();
        next.put(
            spec.name(),
            new StreamEntry(spec, profile, null, stored.revision(), declared.timeZone()));
      }
    }
    fixed.forEach(entry -> next.put(entry.spec().name(), entry));
    entries = next;
    revision = now;
    watchers.forEach(Runnable::run);
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
                          declared.where(),
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
                              : change(next -> note(changed, next), ATTEMPTS));
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
