package io.sightline.analyzer;

import java.time.Clock;

/** What all partitions of the stage share; every part is safe for use by any thread. */
record Workplace(
    AnalyzerConfig config,
    AnalyzerPlugins plugins,
    Workers workers,
    PictureDecoders decoders,
    ChunkSounds sounds,
    Results results,
    Zones zones,
    Clock clock) {}
