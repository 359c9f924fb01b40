/** The claims of capture. */
package io.sightline.bench.capture;
