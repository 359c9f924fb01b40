package io.sightline.launcher.process;

import io.sightline.records.Clip;
import io.sightline.records.Replay;
import io.sightline.records.Segment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a file.
 *
 * @param folder where the results are
 * @param zeroMicros position of the file's start
 * @param mediaMicros how much of the file was read
 * @param lostMicros how much of it could not be read
 * @param wallMicros how long it took, start of the broker included
 * @param segments in order
 * @param clips by segment
 * @param alerts how many were raised
 */
record Outcome(
    Path folder,
    long zeroMicros,
    long mediaMicros,
    long lostMicros,
    long wallMicros,
    List<Segment> segments,
    Map<String, Clip> clips,
    Optional<Replay> replay,
    int alerts) {}
