/** Cutting films: any file that can be read, without a recording of it. */
package io.sightline.media.film;
