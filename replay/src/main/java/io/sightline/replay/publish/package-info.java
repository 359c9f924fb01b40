/**
 * Copies replays out, so that any web server or CDN can serve them: a folder or bucket with a
 * master playlist, media and, when asked for, an MP4, that needs nothing of Sightline.
 */
package io.sightline.replay.publish;
