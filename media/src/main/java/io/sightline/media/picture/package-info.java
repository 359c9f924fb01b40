/** From coded pictures to JPEG and back: which pictures are decoded, and how they look. */
package io.sightline.media.picture;
