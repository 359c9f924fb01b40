/** Amazon Kinesis Data Streams as the place that frames are sent to. */
package io.sightline.edgecapture.kinesis;
