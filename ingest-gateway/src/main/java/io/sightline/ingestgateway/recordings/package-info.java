/**
 * What is recorded of each stream: counted as it arrives, deleted when its rule lets go of it.
 *
 * <p>Everything rests on one item per stream, the {@link io.sightline.records.RecordingLedger}: its
 * numbers change together, by a conditional write, so that neither a kill nor a second owner can
 * count or subtract anything twice. All else (blocks, chunk records, objects) is written before it
 * names them, and deleted while it says that they are going.
 */
package io.sightline.ingestgateway.recordings;
