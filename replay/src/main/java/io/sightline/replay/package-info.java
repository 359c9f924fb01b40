/**
 * Segments and requests to replays: ordered reels of clips, built while the event runs and finished
 * after it. A reel is references to clips, so one of fifty clips costs no more than its text.
 */
package io.sightline.replay;
