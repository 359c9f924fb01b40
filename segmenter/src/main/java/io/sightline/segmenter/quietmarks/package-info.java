/**
 * The optimizer {@code quiet-marks}: marks move outwards to where nothing is cut off that sounds.
 */
package io.sightline.segmenter.quietmarks;
