/** Fixtures for the tests of all rooms: videos of known content and FFmpeg as the judge. */
package io.sightline.media.testing;
