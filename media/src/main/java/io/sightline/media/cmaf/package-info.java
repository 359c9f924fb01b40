/** Writing and reading CMAF: boxes, init parts, fragments, and chunks made of them. */
package io.sightline.media.cmaf;
