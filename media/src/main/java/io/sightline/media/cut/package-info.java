/** Cutting clips out of recorded chunks, joining them to reels, and writing either as MP4. */
package io.sightline.media.cut;
