/**
 * MediaLive's thumbnails as a source: what the active input of a channel's pipeline looks like, one
 * JPEG every few seconds. All inputs of one region wait in one line, so that together they ask no
 * more than the service answers.
 */
package io.sightline.edgecapture.medialive;
