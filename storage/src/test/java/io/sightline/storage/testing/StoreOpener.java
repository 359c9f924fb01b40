package io.sightline.storage.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Opens a store at a place: a path, an address. Made by its public constructor without arguments,
 * also in another process.
 */
public interface StoreOpener<S> {

  Future<? extends S> open(Vertx vertx, String place);
}
