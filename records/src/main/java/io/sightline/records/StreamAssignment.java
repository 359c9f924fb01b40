package io.sightline.records;

/**
 * What a capture agent is told about one stream.
 *
 * @param profile the snapshot to announce with the next epoch
 * @param revision rises with every change, so that an agent sees what changed
 */
public record StreamAssignment(StreamSpec stream, Profile profile, long revision) {}
