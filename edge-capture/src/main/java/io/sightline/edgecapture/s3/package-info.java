/**
 * Video that another program (MediaLive) writes into a bucket of Amazon S3, object by object:
 * {@code s3://bucket/prefix}. It is taken as the files of a watched folder are.
 */
package io.sightline.edgecapture.s3;
