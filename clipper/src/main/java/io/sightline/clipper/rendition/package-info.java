/** Clips in other sizes and shapes, made after them and beside them. */
package io.sightline.clipper.rendition;
