/** Results as files: segments, clips, replays and alerts of one run of a stream in a folder. */
package io.sightline.launcher.export;
