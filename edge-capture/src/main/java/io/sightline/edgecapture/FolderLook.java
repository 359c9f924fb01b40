package io.sightline.edgecapture;

import io.sightline.edgecapture.folder.FolderFile;
import io.sightline.edgecapture.folder.MediaFolder;
import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.SourceOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in a folder, before it is captured.
 *
 * @param first that can be opened
 * @param findings which was looked at, of how many, and what was passed over before it
 */
record FolderLook(Path first, List<String> findings) {

  /** So many are passed over before it is given up. */
  private static final int TRIED = 8;

  /** Null when it is no folder. */
  static FolderLook of(InputUrl input) throws MediaException {
    if (input.file() == null || !Files.isDirectory(input.file())) {
      return null;
    }
    List<String> findings = new ArrayList<>();
    List<FolderFile> files =
        new MediaFolder(input.file(), sentence -> findings.add(sentence + "."))
            .files(null, file -> true, MediaFolder.WINDOW);
    int tried = 0;
    for (FolderFile file : files) {
      if (tried++ == TRIED) {
        break;
      }
      try (MediaSource source = MediaSource.open(file.path().toString(), SourceOptions.DEFAULTS)) {
        findings.add(
            0,
            "It holds "
                + (files.size() < MediaFolder.WINDOW ? "" : "at least ")
                + files.size()
                + (files.size() == 1 ? " video" : " videos")
                + "; looked at was '"
                + file.name()
                + "' ("
                + source.tracks().size()
                + (source.tracks().size() == 1 ? " track)." : " tracks)."));
        return new FolderLook(file.path(), findings);
      } catch (MediaException e) {
        findings.add("Passed over: " + e.getMessage() + ".");
      }
    }
    throw new MediaException(
        MediaException.Reason.MALFORMED,
        "There is no video in the folder "
            + input.file()
            + (findings.isEmpty() ? "" : ": " + findings.get(0)));
  }
}
