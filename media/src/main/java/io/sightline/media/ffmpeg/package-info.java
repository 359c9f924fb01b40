/**
 * The few native pieces that sources, pictures and sound share. For the packages of this module
 * only: what it hands out is native memory, and each method says who frees it.
 */
package io.sightline.media.ffmpeg;
