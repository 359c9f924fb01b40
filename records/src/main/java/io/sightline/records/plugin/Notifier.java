package io.sightline.records.plugin;

import io.sightline.records.Alert;
import java.util.concurrent.CompletionStage;

/** One configured channel. Called by any thread; must not block. */
public interface Notifier extends AutoCloseable {

  /**
   * Tells one state of an alert, once. Retrying is the caller's work.
   *
   * @return completes when the other side has taken it; fails with {@link NotifyException}
   */
  CompletionStage<Void> send(Alert alert);

  @Override
  default void close() {}
}
