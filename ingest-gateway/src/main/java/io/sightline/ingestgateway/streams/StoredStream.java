package io.sightline.ingestgateway.streams;

import io.sightline.records.StreamSpec;

/**
 * A stream made over the API, as it is stored.
 *
 * @param revision of the assignments when it last changed
 */
record StoredStream(StreamSpec stream, long revision) {}
