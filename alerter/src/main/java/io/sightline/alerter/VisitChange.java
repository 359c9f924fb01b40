package io.sightline.alerter;

/**
 * A visit has begun or ended.
 *
 * @param visit as it stands
 * @param over whether it has ended
 */
record VisitChange(Visit visit, boolean over) {}
