package io.sightline.analyzer.loudness;

/**
 * What counts as a pause.
 *
 * @param belowLufs a hundredth of a second below this is quiet
 * @param shortestMicros how long it must last
 */
public record PauseRule(double belowLufs, long shortestMicros) {}
