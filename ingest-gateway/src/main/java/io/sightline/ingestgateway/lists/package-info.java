/** What stages found and made: frames, segments, clips, alerts and replays, paged, newest first. */
package io.sightline.ingestgateway.lists;
