/** As much of MediaConvert as is asked here, on this machine. */
package io.sightline.clipper.mediaconvert.testing;
