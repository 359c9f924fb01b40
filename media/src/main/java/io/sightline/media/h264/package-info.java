/**
 * The syntax of H.264: parameter sets, slice headers, and the ids by which they name each other.
 */
package io.sightline.media.h264;
