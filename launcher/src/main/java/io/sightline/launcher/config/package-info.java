/** The configuration file: its shape, its defaults, and errors that name key and line. */
package io.sightline.launcher.config;
