/** The place of the measurements in the command line. */
package io.sightline.launcher.bench;
