/** Telling alerts to channels, once each, through kills, outages and changes of owner. */
package io.sightline.alerter.delivery;
