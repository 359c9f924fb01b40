/**
 * What plugins implement. An analyzer looks or listens, a classifier makes segments of detections,
 * an optimizer looks for better marks for them, a notifier tells people. Each is found by {@link
 * java.util.ServiceLoader}; the README of its stage shows the shortest possible one.
 */
package io.sightline.records.plugin;
