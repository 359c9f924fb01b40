package io.sightline.ingestgateway.streams;

/**
 * What a declared stream looked like when its assignment last changed, so that a restart with the
 * same configuration gives agents the same revision.
 */
record DeclaredDigest(String digest, long revision) {}
