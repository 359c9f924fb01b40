package io.sightline.segmenter;

/** What follows from the items of a run; acted upon in the order in which it comes. */
sealed interface Finding permits FoundChange, Reached {}
