/** How loud sound is, as ITU-R BS.1770-4 measures it, and when it is silent. */
package io.sightline.analyzer.loudness;
