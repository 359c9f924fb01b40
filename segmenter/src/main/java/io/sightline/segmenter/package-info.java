/**
 * Detections to segments with mark-in and mark-out. The lanes of a run are merged into one order,
 * classifiers say what they find in it, and the ledger keeps what they found together with what
 * people decided.
 */
package io.sightline.segmenter;
