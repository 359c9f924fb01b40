package io.sightline.edgecapture.s3;

/**
 * An object that has come into a bucket.
 *
 * @param timeMillis when it was complete, since 1970
 */
record CreatedObject(String bucket, String key, long sizeBytes, long timeMillis) {}
