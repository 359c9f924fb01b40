/** Timelines of what the stores hold: which cuts a replay or a stretch of a stream is made of. */
package io.sightline.ingestgateway.timelines;
