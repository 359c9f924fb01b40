/**
 * Two ports, {@link io.sightline.storage.ObjectStore} for bytes and {@link
 * io.sightline.storage.RecordStore} for facts, and their adapters. Every adapter passes the same
 * contract tests.
 */
package io.sightline.storage;
