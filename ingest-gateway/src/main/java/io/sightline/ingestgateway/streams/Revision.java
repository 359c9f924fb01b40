package io.sightline.ingestgateway.streams;

/** Counts the changes of all assignments. */
record Revision(long revision) {}
