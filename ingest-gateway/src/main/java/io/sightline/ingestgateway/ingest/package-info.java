/**
 * What agents send: epochs, their items in order over a WebSocket, and the plain POST of one frame
 * or one chunk. Everything that arrives is hostile until checked.
 */
package io.sightline.ingestgateway.ingest;
