/**
 * The one HTTP door of Sightline: ingest of frames and chunks, the control API, media delivery,
 * live updates and the dashboard's files. {@link io.sightline.ingestgateway.GatewayVerticle} wires
 * it.
 */
package io.sightline.ingestgateway;
