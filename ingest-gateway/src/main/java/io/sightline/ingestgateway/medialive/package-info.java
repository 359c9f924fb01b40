/**
 * Finds the running channels of MediaLive and makes a stream of each of their pipelines. A look at
 * all channels every minute is what everything rests on; events only say where to look earlier.
 */
package io.sightline.ingestgateway.medialive;
