/**
 * Clips made by AWS Elemental MediaConvert: a job a clip, followed by asking. What it is given are
 * whole MP4 files, assembled of recorded chunks without encoding; what it makes is indexed like
 * anything recorded, so that clips of it play and join as all others do. Without this package clips
 * are cut here.
 */
package io.sightline.clipper.mediaconvert;
