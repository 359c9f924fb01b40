/** Encodes tracks that cannot be copied into CMAF: pictures to H.264, sound to AAC. */
package io.sightline.media.encode;
