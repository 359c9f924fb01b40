/** Live updates: what stages write, told to browsers as Server-Sent Events. */
package io.sightline.ingestgateway.live;
