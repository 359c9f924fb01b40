/**
 * What every adapter of the two ports must pass: extend {@link
 * io.sightline.storage.testing.ObjectStoreContract} or {@link
 * io.sightline.storage.testing.RecordStoreContract} and say how a store is opened.
 */
package io.sightline.storage.testing;
