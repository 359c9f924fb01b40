/**
 * Media on its way out: signed paths of clips, replays and pictures; recorded media with byte
 * ranges; playlists.
 */
package io.sightline.ingestgateway.delivery;
