package io.sightline.edgecapture.folder;

import java.nio.file.Path;

/**
 * A file as it was seen in a folder.
 *
 * @param name within the folder
 * @param path where it really is: no symbolic link
 */
public record FolderFile(String name, Path path, long sizeBytes, long modifiedMillis) {}
