package io.sightline.ingestgateway.streams;

import io.sightline.records.StreamSpec;

/**
 * A stream that was found, as it is stored.
 *
 * @param what it is, for people: "pipeline 0 of the MediaLive channel 'News' (1234567)"
 * @param revision of the assignments when it last changed
 * @param fence of who wrote it last
 * @param gone whether it is there no more; kept for a while, so that a writer that was held up does
 *     not bring it back
 */
record FoundStream(StreamSpec stream, String what, long revision, long fence, boolean gone) {

  FoundStream {
    what = what == null ? "" : what;
  }

  boolean sameAs(StreamSpec other, String otherWhat) {
    return !gone && stream.equals(other) && what.equals(otherWhat);
  }
}
