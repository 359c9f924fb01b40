/**
 * Parts of replays that have to be encoded: clips that fade, and clips that stand between others.
 */
package io.sightline.clipper.reelpart;
