/** Folders as sources: what is in them, in which order, and what has been taken already. */
package io.sightline.edgecapture.folder;
