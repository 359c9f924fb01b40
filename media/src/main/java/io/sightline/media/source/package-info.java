/** Opening sources and reading their packets: files and whatever FFmpeg can pull. */
package io.sightline.media.source;
