/**
 * Frames and chunks to detections: the stage that runs a profile's analyzers, and the registry that
 * finds them. Each analyzer that comes with Sightline is a package of its own.
 */
package io.sightline.analyzer;
