/** {@code sightline models}: detectors by name, fetched with their checksum and licence. */
package io.sightline.launcher.models;
