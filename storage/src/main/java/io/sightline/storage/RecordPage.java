package io.sightline.storage;

import java.util.List;

/**
 * @param records in the order asked for
 * @param nextSort bound for {@link Query#after}; null when nothing follows
 */
public record RecordPage(List<StoredRecord> records, String nextSort) {}
