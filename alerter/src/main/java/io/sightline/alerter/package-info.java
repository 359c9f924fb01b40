/**
 * Detections to alerts: one per visit, not one per frame, with the clip that shows it; and alerts
 * to the people and systems that wait for them.
 */
package io.sightline.alerter;
