/**
 * Cameras that send JPEG over HTTP: MJPEG as {@code multipart/x-mixed-replace}, and snapshots that
 * are asked for again and again.
 */
package io.sightline.edgecapture.mjpeg;
