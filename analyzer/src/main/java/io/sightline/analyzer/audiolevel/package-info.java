/** The analyzer {@code audio-level}: how loud each chunk is, and where it is silent. */
package io.sightline.analyzer.audiolevel;
