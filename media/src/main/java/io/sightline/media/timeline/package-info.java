/**
 * Cut lists: one model of what plays when, the formats in which editing tools and players take it,
 * and how it is made of replays and segments. Plain Java, without natives.
 */
package io.sightline.media.timeline;
