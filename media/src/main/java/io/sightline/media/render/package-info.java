/** Clips in other sizes and shapes, and at a glance. */
package io.sightline.media.render;
