/** The classifier {@code presence}: a segment for as long as something wanted is there. */
package io.sightline.segmenter.presence;
