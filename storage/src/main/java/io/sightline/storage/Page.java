package io.sightline.storage;

import java.util.List;

/**
 * A page of {@link Records}.
 *
 * @param items in the order asked for
 * @param raw the same as stored; leads to the next page, see {@link Query#after}
 */
public record Page<T>(List<T> items, RecordPage raw) {}
