/** Amazon Kinesis Video Streams as a source: {@code kvs://name}. */
package io.sightline.edgecapture.kvs;
