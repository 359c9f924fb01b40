/** {@code sightline probe URL}: what a source is, and what would be done with it. */
package io.sightline.launcher.probe;
