/** Objects in a bucket of Amazon S3, or of anything else that speaks its protocol. */
package io.sightline.storage.s3;
