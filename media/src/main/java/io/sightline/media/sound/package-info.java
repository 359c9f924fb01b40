/** From coded sound to samples. */
package io.sightline.media.sound;
