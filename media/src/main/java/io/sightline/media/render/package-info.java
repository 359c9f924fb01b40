/** Clips in other sizes and shapes. */
package io.sightline.media.render;
