package io.sightline.storage;

import java.util.List;

/**
 * @param objects in order of key
 * @param next the {@code after} of the next page; null when this is the last
 */
public record ObjectPage(List<ObjectInfo> objects, String next) {}
