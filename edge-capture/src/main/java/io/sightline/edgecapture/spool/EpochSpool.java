package io.sightline.edgecapture.spool;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One epoch in a folder of its own: what it is, its records in two logs, a list of those that were
 * given up, and how far they were released. Records are counted from 0; a record that was given up
 * has a number all the same, so that after a restart the others can be told apart as before. Safe
 * for use by any thread.
 */
public final class EpochSpool {

  static final String ABOUT = "epoch";

  private static final String DROPPED = "dropped";
  private static final String RELEASED = "released";
  private static final String ENDING = ".log";
  private static final long SEGMENT_BYTES = 4 << 20;

  /** What a file system may take beyond the bytes themselves. */
  private static final long BLOCKS_BYTES = 64 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(EpochSpool.class);

  private final Path folder;
  private final byte[] about;
  private final List<Left> left;
  private final TreeSet<Long> droppedBefore;
  private final ReleasedNote note;
  private final Map<SpoolLane, SpoolSegment> open = new EnumMap<>(SpoolLane.class);

  // Guarded by this.
  /** No channel, as an interrupt closes those. */
  private FileOutputStream dropped;

  private volatile long droppedCount;
  private volatile long syncedCount;
  private long next;
  private int segments;

  /** A record that an earlier process left, with its header. */
  public record Left(SpoolRecord record, byte[] header) {}

  private EpochSpool(
      Path folder, byte[] about, List<Left> left, TreeSet<Long> droppedBefore, ReleasedNote note) {
    this.folder = folder;
    this.about = about;
    this.left = left;
    this.droppedBefore = droppedBefore;
    this.note = note;
  }

  /**
   * Begins an epoch. Blocks.
   *
   * @param about what it is, for whoever finds it
   */
  static EpochSpool create(Path folder, byte[] about) throws IOException {
    Files.createDirectories(folder);
    // In its place only when it is whole: without it the folder counts as nothing.
    Path draft = folder.resolve(ABOUT + ".new");
    try (FileOutputStream out = new FileOutputStream(draft.toFile())) {
      out.write(about);
      out.getFD().sync();
    }
    Files.move(draft, folder.resolve(ABOUT));
    return new EpochSpool(
        folder, about, List.of(), new TreeSet<>(), ReleasedNote.none(folder.resolve(RELEASED)));
  }

  /** Finds what an earlier process left. Blocks; reads headers only. */
  static EpochSpool recover(Path folder) throws IOException {
    byte[] about = Files.readAllBytes(folder.resolve(ABOUT));
    List<Left> records = new ArrayList<>();
    int segments = 0;
    ReleasedNote note = ReleasedNote.read(folder.resolve(RELEASED));
    for (SpoolLane lane : SpoolLane.values()) {
      List<Path> files = new ArrayList<>();
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(folder, lane.file() + "-*" + ENDING)) {
        found.forEach(files::add);
      }
      files.sort(Comparator.comparing(Path::getFileName));
      for (Path file : files) {
        SpoolSegment.recover(lane, file, note, records);
        segments = Math.max(segments, number(file));
      }
    }
    TreeSet<Long> dropped = readDropped(folder.resolve(DROPPED));
    List<Left> kept = new ArrayList<>();
    for (Left each : records) {
      long ordinal = each.record().ordinal();
      if (dropped.contains(ordinal)) {
        each.record().drop();
      } else if (ordinal < note.before()) {
        each.record().release();
      } else {
        kept.add(each);
      }
    }
    kept.sort(Comparator.comparingLong(each -> each.record().ordinal()));
    EpochSpool spool = new EpochSpool(folder, about, List.copyOf(kept), dropped, note);
    spool.segments = segments;
    return spool;
  }

  /** What it is, as it was given. */
  public byte[] about() {
    return about.clone();
  }

  /** What an earlier process left, in its order; empty for an epoch of this one. */
  public List<Left> left() {
    return left;
  }

  /**
   * How many records before this one were not given up: those that an earlier process released
   * count, those that it dropped do not.
   */
  public long countBefore(long ordinal) {
    return ordinal - droppedBefore.headSet(ordinal).size();
  }

  /**
   * Writes a record. Blocks. Callers see to it that the order of the calls is the order meant.
   *
   * @throws IOException when it cannot be written; it then has no number
   */
  public SpoolRecord append(
      SpoolLane lane, byte kind, long atMicros, long endMicros, byte[] header, byte[] payload)
      throws IOException {
    SpoolSegment segment;
    long ordinal;
    synchronized (this) {
      segment = open.get(lane);
      if (segment != null && segment.sizeBytes() >= SEGMENT_BYTES) {
        open.remove(lane);
        segment.seal();
        segment = null;
      }
      if (segment == null) {
        String name = String.format("%s-%08d%s", lane.file(), ++segments, ENDING);
        segment = SpoolSegment.create(lane, folder.resolve(name), note);
        open.put(lane, segment);
      }
      ordinal = next;
      SpoolRecord record = segment.append(kind, ordinal, atMicros, endMicros, header, payload);
      next = ordinal + 1;
      return record;
    }
  }

  /** Whether the disk is too full for so much more. Blocks. */
  public boolean lacksRoomFor(long bytes) {
    try {
      return Files.getFileStore(folder).getUsableSpace() < bytes + BLOCKS_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  /** Gives a record up: it will never be sent, and what follows takes its number. */
  public void drop(SpoolRecord record) {
    synchronized (this) {
      try {
        if (dropped == null) {
          dropped = new FileOutputStream(folder.resolve(DROPPED).toFile(), true);
        }
        dropped.write(ByteBuffer.allocate(Long.BYTES).putLong(record.ordinal()).array());
        droppedCount++;
      } catch (IOException e) {
        LOG.warn("{}: what was given up could not be noted: {}", folder, e.getMessage());
      }
    }
    record.drop();
  }

  /**
   * Whether what was given up is noted for good. Before that, what follows must not be sent: after
   * a power failure it would have another number.
   */
  public boolean settled() {
    return syncedCount == droppedCount;
  }

  /** Makes what is still needed outlive a power failure. Blocks. */
  public void sync() throws IOException {
    List<SpoolSegment> all;
    FileOutputStream notes;
    long noted;
    synchronized (this) {
      notes = dropped;
      noted = droppedCount;
      all = List.copyOf(open.values());
    }
    if (notes != null && noted != syncedCount) {
      notes.getFD().sync();
      syncedCount = noted;
    }
    for (SpoolSegment segment : all) {
      segment.sync();
    }
  }

  /** Nothing more is written; what is in it stays for the next process. Blocks. */
  public void close() {
    synchronized (this) {
      for (SpoolSegment segment : open.values()) {
        try {
          segment.seal();
        } catch (IOException e) {
          LOG.warn("{} could not be closed: {}", folder, e.getMessage());
        }
      }
      open.clear();
      closeDropped();
    }
  }

  /** Removes the epoch, whatever is in it. Blocks. */
  public void delete() {
    synchronized (this) {
      open.values().forEach(SpoolSegment::remove);
      open.clear();
      closeDropped();
    }
    Spool.deleteFolder(folder);
  }

  private void closeDropped() {
    try {
      if (dropped != null) {
        dropped.close();
        dropped = null;
      }
    } catch (IOException e) {
      LOG.warn("{} could not be closed: {}", folder, e.getMessage());
    }
  }

  private static int number(Path file) {
    String name = file.getFileName().toString();
    try {
      return Integer.parseInt(
          name.substring(name.indexOf('-') + 1, name.length() - ENDING.length()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static TreeSet<Long> readDropped(Path file) throws IOException {
    TreeSet<Long> ordinals = new TreeSet<>();
    if (Files.exists(file)) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      while (bytes.remaining() >= Long.BYTES) {
        ordinals.add(bytes.getLong());
      }
    }
    return ordinals;
  }
}
