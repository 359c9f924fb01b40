/** The {@code sightline} command: what each word does, and the exit codes. */
package io.sightline.launcher;
