package io.sightline.media.cut;

import io.sightline.records.Rational;

/**
 * A stretch of one epoch, without holes, that is in the clip.
 *
 * @param epoch its name
 * @param unit seconds per tick of media time
 * @param fromTicks media time of its first picture
 * @param toTicks media time after its last picture
 * @param clipTicks when its first picture is presented, from the clip's first picture on; in ticks
 *     of {@code clipUnit}
 * @param clipUnit seconds per tick of the clip's pictures
 * @param fromMicros position of its first picture
 * @param toMicros position after its last picture
 */
record Stretch(
    String epoch,
    Rational unit,
    long fromTicks,
    long toTicks,
    long clipTicks,
    Rational clipUnit,
    long fromMicros,
    long toMicros) {}
