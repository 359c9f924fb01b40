/**
 * FFmpeg behind small Java types. Native memory is owned by the class that allocates it and freed
 * when that is closed; nothing native crosses a public method.
 */
package io.sightline.media;
