package io.sightline.edgecapture.folder;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files of a folder have been taken, by their content; on disk, so that a new start goes on
 * where the last one was. Each change is a line at the end of a file, which is written anew when
 * most of it is past. A line that was cut by a kill is as if it had not been written.
 *
 * <p>So many files are remembered, then the oldest are forgotten together: whatever is not newer
 * than they were counts as taken. When the disk cannot be written, it is remembered in memory alone
 * until it can. One thread.
 */
public final class TakenFiles implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TakenFiles.class);

  /** How many are remembered: about 20 MB at most. */
  public static final int MAX_FILES = 50_000;

  private static final int FORGOTTEN_TOGETHER = 10_000;
  private static final int PAST_LINES = 20_000;

  /**
   * One line. A file that has been taken has a name; one that is being worked off has none.
   *
   * @param digest of its content
   * @param at of the file that is being worked off: up to where, or since where
   * @param reachedMicros position after all that was taken
   * @param horizon modified by then, a file counts as taken; alone in its line
   */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private record Line(
      String digest,
      String name,
      long size,
      long modified,
      long at,
      long reachedMicros,
      long horizon) {}

  private final Path journal;
  private final Map<String, Line> byName = new HashMap<>();
  private final Map<String, Integer> digests = new HashMap<>();
  private Line open;
  private long reachedMicros;
  private long horizonMillis = Long.MIN_VALUE;
  // Not a channel, which an interrupt of the thread would close.
  private FileOutputStream out;
  private int lines;

  private TakenFiles(Path journal) {
    this.journal = journal;
  }

  /**
   * Where it is kept what a run of a stream has taken of a place.
   *
   * @param home where the agent keeps what must outlive it; null when nothing is kept on disk
   * @param place of its files
   */
  public static Path journal(Path home, String stream, String place, String run) {
    return home == null
        ? null
        : home.resolve(".taken").resolve(stream + "-" + Ids.digest(place + "\n" + run) + ".jsonl");
  }

  /**
   * Blocks.
   *
   * @param journal null for a memory that ends with this process
   */
  public static TakenFiles open(Path journal) {
    TakenFiles taken = new TakenFiles(journal);
    if (journal != null) {
      try {
        Files.createDirectories(journal.getParent());
        taken.read();
      } catch (IOException e) {
        LOG.warn("What was taken before is not known: {}: {}", journal, e.getMessage());
      }
      taken.rewrite();
    }
    return taken;
  }

  /** Whether this very file, unchanged, has been taken. */
  public boolean knows(FolderFile file) {
    Line known = byName.get(file.name());
    return file.modifiedMillis() <= horizonMillis
        || known != null
            && known.size == file.sizeBytes()
            && known.modified == file.modifiedMillis();
  }

  /** Whether a file of this content has been taken, under whatever name. */
  public boolean knows(String digest) {
    return digests.containsKey(digest);
  }

  /** Whether a file has been taken before more was written to its end. */
  boolean hasGrown(FolderFile file) throws IOException {
    Line known = byName.get(file.name());
    return known != null
        && known.size < file.sizeBytes()
        && known.digest.equals(FileDigest.of(file.path(), known.size));
  }

  public int count() {
    return byName.size();
  }

  /** Position after all that has been taken; 0 before anything was. */
  public long reachedMicros() {
    return reachedMicros;
  }

  /** Up to, or since, where a file is being worked off; null when it is not the one that is. */
  public Long at(String digest) {
    return open != null && open.digest.equals(digest) ? open.at : null;
  }

  /** The content that was being worked off; null when none was. */
  public String openDigest() {
    return open == null ? null : open.digest;
  }

  /** Says up to, or since, where a file is being worked off. */
  public void working(String digest, long at) {
    append(new Line(digest, null, 0, 0, at, 0, 0), false);
  }

  /**
   * A file has been taken, or will never be.
   *
   * @param positionMicros after it; 0 when that does not matter
   */
  public void taken(FolderFile file, String digest, long positionMicros) {
    append(
        new Line(
            digest,
            file.name(),
            file.sizeBytes(),
            file.modifiedMillis(),
            0,
            Math.max(reachedMicros, positionMicros),
            0),
        true);
    if (byName.size() > MAX_FILES) {
      forgetOldest();
    }
  }

  @Override
  public void close() {
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        LOG.warn("What was taken cannot be kept in {}: {}", journal, e.getMessage());
      }
      out = null;
    }
  }

  private void forgetOldest() {
    List<Line> oldest = new ArrayList<>(byName.values());
    oldest.sort(Comparator.comparingLong(Line::modified));
    for (Line line : oldest.subList(0, FORGOTTEN_TOGETHER)) {
      remove(line.name);
      horizonMillis = Math.max(horizonMillis, line.modified);
    }
    rewrite();
  }

  private void append(Line line, boolean lasting) {
    apply(line);
    if (journal == null) {
      return;
    }
    if (out == null) {
      if (lasting) {
        rewrite();
      }
      return;
    }
    try {
      write(out, line);
      if (lasting) {
        out.getFD().sync();
      }
    } catch (IOException e) {
      LOG.warn("What was taken cannot be kept in {}: {}", journal, e.getMessage());
      close();
    }
    if (++lines > byName.size() + PAST_LINES) {
      rewrite();
    }
  }

  private void apply(Line line) {
    if (line.horizon != 0) {
      horizonMillis = Math.max(horizonMillis, line.horizon);
    } else if (line.name == null) {
      open = line;
    } else {
      remove(line.name);
      byName.put(line.name, line);
      digests.merge(line.digest, 1, Integer::sum);
      reachedMicros = Math.max(reachedMicros, line.reachedMicros);
      open = open != null && open.digest.equals(line.digest) ? null : open;
    }
  }

  private void remove(String name) {
    Line before = byName.remove(name);
    if (before != null) {
      digests.computeIfPresent(before.digest, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  private void read() throws IOException {
    if (!Files.exists(journal)) {
      return;
    }
    // A reader of this kind replaces what a kill cut in the middle of a character.
    try (BufferedReader all =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(journal), StandardCharsets.UTF_8))) {
      for (String text; (text = all.readLine()) != null; ) {
        try {
          Line line = Json.decode(text.getBytes(StandardCharsets.UTF_8), Line.class);
          if (line.digest != null || line.horizon != 0) {
            apply(line);
          }
        } catch (MalformedRecordException e) {
          LOG.debug("A line of {} is not whole", journal);
        }
      }
    }
  }

  private void rewrite() {
    if (journal == null) {
      return;
    }
    close();
    Path fresh = journal.resolveSibling(journal.getFileName() + ".new");
    try {
      try (FileOutputStream all = new FileOutputStream(fresh.toFile())) {
        if (horizonMillis != Long.MIN_VALUE) {
          write(all, new Line(null, null, 0, 0, 0, 0, horizonMillis));
        }
        for (Line line : byName.values()) {
          write(all, line);
        }
        if (open != null) {
          write(all, open);
        }
        all.getFD().sync();
      }
      Files.move(
          fresh, journal, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      lines = byName.size() + 1;
      out = new FileOutputStream(journal.toFile(), true);
    } catch (IOException e) {
      LOG.warn("What was taken cannot be kept in {}: {}", journal, e.getMessage());
      lines = 0;
    }
  }

  private static void write(FileOutputStream to, Line line) throws IOException {
    byte[] json = Json.encode(line);
    byte[] whole = Arrays.copyOf(json, json.length + 1);
    whole[json.length] = '\n';
    to.write(whole);
  }
}
