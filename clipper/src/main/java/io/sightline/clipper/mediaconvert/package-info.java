/**
 * Clips and whole replays made by AWS Elemental MediaConvert: jobs, followed by asking. What they
 * are given are whole MP4 files, assembled of recorded chunks or of a reel without encoding; what
 * they make of a clip is indexed like anything recorded, so that clips of it play and join as all
 * others do, and what they make of a replay lies as it is, for a CDN. Without this package clips
 * are cut here, and replays are not encoded.
 */
package io.sightline.clipper.mediaconvert;
