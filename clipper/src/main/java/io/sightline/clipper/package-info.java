/**
 * Segments to clips. A clip is byte ranges of what was recorded, and at its end a small piece made
 * for it; so it costs little and is there a moment after its mark-out.
 */
package io.sightline.clipper;
