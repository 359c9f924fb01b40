package io.sightline.media.timeline;

/**
 * A timeline in some format.
 *
 * @param name of the file: a-z, 0-9, {@code -} and {@code .}
 * @param mediaType for {@code Content-Type}
 * @param content the bytes; not to be changed
 */
public record TimelineFile(String name, String mediaType, byte[] content) {}
