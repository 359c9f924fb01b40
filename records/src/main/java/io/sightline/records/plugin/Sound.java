package io.sightline.records.plugin;

import io.sightline.records.ChunkInfo;

/**
 * The decoded sound of one track of a chunk. Arrays are shared and must not be written to.
 *
 * @param chunk it comes from
 * @param audioTrack 1-based among the audio tracks
 * @param sampleRate samples per second and channel
 * @param channels one array a channel, samples from -1 to 1
 */
public record Sound(ChunkInfo chunk, int audioTrack, int sampleRate, float[][] channels) {}
