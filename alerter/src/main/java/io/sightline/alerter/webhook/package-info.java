/** The channel {@code webhook}: an alert as a CloudEvent over HTTP. */
package io.sightline.alerter.webhook;
