package io.sightline.media.cut;

/**
 * An object that a cut needs and that is to be stored before its index is told to anybody.
 *
 * @param key {@code clips/{clip}/piece-{n}-{digest}.mp4}
 * @param content not copied
 */
public record NewObject(String key, byte[] content) {}
