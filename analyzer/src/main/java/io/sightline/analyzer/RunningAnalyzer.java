package io.sightline.analyzer;

import io.sightline.records.Detection;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.Picture;
import io.sightline.records.plugin.Sound;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened analyzer of one lane. What must come in order goes through its queue, one task at a
 * time; the rest runs side by side. Whatever it throws becomes an {@link Outcome}. Tasks are added
 * by the reader's thread and run on the workers.
 */
final class RunningAnalyzer {

  private static final Logger LOG = LoggerFactory.getLogger(RunningAnalyzer.class);

  private final PluginSpec spec;
  private final Analyzer analyzer;
  private final String refusal;
  private final Workers workers;

  // Owned by the reader's thread.
  private Future<Void> queue = Future.succeededFuture();
  private byte[] lastState;

  // Shared with the workers.
  private int using;
  private boolean retired;

  private RunningAnalyzer(PluginSpec spec, Analyzer analyzer, String refusal, Workers workers) {
    this.spec = spec;
    this.analyzer = analyzer;
    this.refusal = refusal;
    this.workers = workers;
  }

  /**
   * Opens an analyzer and gives it back its state. One that cannot be opened says so with every
   * frame instead of stopping the stream.
   */
  static RunningAnalyzer open(
      AnalyzerPlugins plugins, PluginSpec spec, byte[] state, Workers workers) {
    Analyzer analyzer;
    try {
      analyzer = plugins.open(spec);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("Analyzer {} cannot be opened: {}", spec.use(), message(e));
      return new RunningAnalyzer(spec, new NoAnalyzer(), message(e), workers);
    }
    if (state.length > 0) {
      try {
        analyzer.restore(state);
      } catch (RuntimeException e) {
        LOG.warn("Analyzer {} begins anew, its state is of no use: {}", spec.use(), message(e));
        close(analyzer);
        analyzer = plugins.open(spec);
      }
    }
    return new RunningAnalyzer(spec, analyzer, null, workers);
  }

  PluginSpec spec() {
    return spec;
  }

  boolean inOrder() {
    return analyzer.inOrder();
  }

  boolean looks() {
    return refusal != null || analyzer.looks();
  }

  boolean listens() {
    return refusal == null && analyzer.listens();
  }

  /**
   * @param decoded completes when the picture had its chance to be decoded ahead
   */
  Future<Outcome> look(Picture picture, Future<?> decoded) {
    if (refusal != null) {
      return Future.succeededFuture(Outcome.failed(spec.use() + ": " + refusal));
    }
    Callable<Outcome> task = () -> guarded(() -> analyzer.look(picture));
    return inOrder() ? queued(decoded, task) : used(() -> workers.run(task));
  }

  /**
   * One chunk after another, its tracks too.
   *
   * @return fails as {@code sounds} does
   */
  Future<Outcome> listen(Future<List<Sound>> sounds) {
    return queued(
        sounds,
        () ->
            Outcome.all(
                sounds.result().stream()
                    .map(sound -> guarded(() -> analyzer.listen(sound)))
                    .toList()));
  }

  Future<Outcome> marker(Marker marker) {
    return queued(
        Future.succeededFuture(),
        () ->
            guarded(
                () -> {
                  analyzer.marker(marker);
                  return List.of();
                }));
  }

  /** When nothing is queued. */
  byte[] state() {
    if (lastState == null) {
      try {
        lastState = analyzer.state();
      } catch (RuntimeException e) {
        LOG.warn("Analyzer {} cannot give its state: {}", spec.use(), message(e));
        lastState = new byte[0];
      }
    }
    return lastState;
  }

  /** Closes the analyzer as soon as nothing uses it any more; nothing may be added after this. */
  void retire() {
    synchronized (this) {
      retired = true;
      if (using > 0) {
        return;
      }
    }
    close(analyzer);
  }

  private Future<Outcome> queued(Future<?> input, Callable<Outcome> task) {
    Future<Void> before = queue;
    lastState = null;
    return used(
        () -> {
          Future<Outcome> outcome = Future.join(before, input).compose(ready -> workers.run(task));
          queue = outcome.transform(done -> Future.succeededFuture());
          return outcome;
        });
  }

  private Future<Outcome> used(Supplier<Future<Outcome>> work) {
    synchronized (this) {
      using++;
    }
    return work.get().onComplete(done -> release());
  }

  private void release() {
    boolean last;
    synchronized (this) {
      last = --using == 0 && retired;
    }
    if (last) {
      close(analyzer);
    }
  }

  private Outcome guarded(Seen seen) {
    try {
      return new Outcome(seen.detections(), null);
    } catch (AnalysisException | RuntimeException | LinkageError | StackOverflowError e) {
      return Outcome.failed(spec.use() + ": " + message(e));
    }
  }

  private interface Seen {
    List<Detection> detections() throws AnalysisException;
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static void close(Analyzer analyzer) {
    try {
      analyzer.close();
    } catch (Exception e) {
      LOG.warn("An analyzer did not close: {}", message(e));
    }
  }

  /** Stands in for one that could not be opened. */
  private static final class NoAnalyzer implements Analyzer {
    @Override
    public boolean inOrder() {
      return false;
    }
  }
}
