/**
 * {@code sightline process VIDEO}: a file goes through every stage, as fast as the machine allows.
 */
package io.sightline.launcher.process;
