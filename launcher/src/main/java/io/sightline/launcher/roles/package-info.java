/**
 * The roles: which verticle each is, in which order they start and stop, {@code up} and each alone.
 */
package io.sightline.launcher.roles;
