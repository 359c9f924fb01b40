package io.sightline.media.picture;

/**
 * One sampled picture.
 *
 * @param pts of the picture, in units of its track's time base
 * @param width of the JPEG, in pixels
 * @param height of the JPEG, in pixels
 * @param keyframe whether it was a keyframe of the source
 * @param jpeg the receiver's to keep
 */
public record SampledFrame(long pts, int width, int height, boolean keyframe, byte[] jpeg) {}
