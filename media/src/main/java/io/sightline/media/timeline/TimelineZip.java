package io.sightline.media.timeline;

import io.sightline.records.Ids;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Several files of one timeline as one. The same files always give the same bytes. */
public final class TimelineZip {

  /** The first that a zip can tell; the time of writing would make each zip another. */
  public static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private TimelineZip() {}

  public static TimelineFile of(String title, List<TimelineFile> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (TimelineFile file : files) {
        ZipEntry entry = new ZipEntry(file.name());
        entry.setTimeLocal(ENTRY_TIME);
        zip.putNextEntry(entry);
        zip.write(file.content());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException("A zip in memory cannot be written", e);
    }
    return new TimelineFile(Ids.nameFrom(title) + ".zip", "application/zip", bytes.toByteArray());
  }
}
