/** {@code sightline cut}: a stretch of any film as a clip. */
package io.sightline.launcher.cut;
