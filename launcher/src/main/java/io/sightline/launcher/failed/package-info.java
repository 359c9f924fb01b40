/** {@code sightline failed}: records that no stage could work on. */
package io.sightline.launcher.failed;
