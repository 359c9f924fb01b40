/** Which streams there are, who captures them, and how they stand. */
package io.sightline.ingestgateway.streams;
