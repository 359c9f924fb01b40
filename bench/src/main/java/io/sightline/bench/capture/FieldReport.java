package io.sightline.bench.capture;

/**
 * What has arrived at the gateway since the count began.
 *
 * @param late fragments and pictures that came late, or have not come yet
 * @param lost gaps, pictures that are missing, and sources that broke off
 * @param worstMillis the longest time from a camera's sending to the arrival
 */
record FieldReport(int late, int lost, long worstMillis) {

  boolean holds() {
    return late == 0 && lost == 0;
  }
}
