/** The analyzer {@code motion}: what differs from a learned background. */
package io.sightline.analyzer.motion;
