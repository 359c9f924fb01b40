/**
 * The claims about speed, each measured against a yardstick in the same run. Not part of the
 * product: nothing depends on it.
 */
package io.sightline.bench;
