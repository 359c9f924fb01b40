package io.sightline.media.film;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cmaf.ChunkSink;
import io.sightline.media.cmaf.ChunkWriter;
import io.sightline.media.cmaf.WrittenChunk;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.NewObject;
import io.sightline.media.cut.ObjectSink;
import io.sightline.media.cut.WatchedBytes;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochAxis;
import io.sightline.records.Fragment;
import io.sightline.records.Ids;
import io.sightline.records.Positions;
import io.sightline.records.Progress;
import io.sightline.records.Rational;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * A stretch of a film, read into chunks in a folder as a recording would be, so that it is cut by
 * the same code. Positions are counted from the film's first picture. Tracks that chunks cannot
 * hold are encoded. One thread.
 */
public final class FilmStretch implements ByteSource, ObjectSink {

  /** Sound may begin before the first picture, and positions are never negative. */
  private static final long FIRST_PICTURE = 1_000 * Positions.MICROS_PER_SECOND;

  private static final String NAME = "film";
  private static final String EPOCH = Ids.epoch(FIRST_PICTURE, NAME);
  private static final Duration CHUNK = Duration.ofSeconds(2);
  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** Sound lies up to this far behind its pictures in a file. */
  private static final long SOUND_BEHIND_MICROS = 2 * Positions.MICROS_PER_SECOND;

  /** Nearer to the beginning than this, reading up to mark-in costs less than looking for it. */
  private static final long NEAR_MICROS = 10 * Positions.MICROS_PER_SECOND;

  /** How far before mark-in is looked: a container that knows no keyframes may find a late one. */
  private static final List<Long> BEFORE_MICROS =
      List.of(SOUND_BEHIND_MICROS, 30 * Positions.MICROS_PER_SECOND);

  /** Beyond the last picture by less than this is at its end. */
  private static final long AT_END_MICROS = 100_000;

  private final long fromMicros;
  private final long toMicros;
  private final Path folder;
  private final List<ChunkInfo> chunks = new ArrayList<>();
  private boolean ended;

  private FilmStretch(long fromMicros, long toMicros, Path folder) {
    this.fromMicros = FIRST_PICTURE + fromMicros;
    this.toMicros = FIRST_PICTURE + toMicros;
    this.folder = folder;
  }

  /**
   * Reads what is needed to cut between two marks.
   *
   * @param fromMicros mark-in, zero or more
   * @param toMicros mark-out, after mark-in
   * @param audio which sound track is kept, from 1 on; 0 for all
   * @param folder for the chunks; what is in it is the caller's to delete
   * @param progress told how far the film has been read, in microseconds
   * @throws MediaException NOT_FOUND when the film has no such stretch or track; UNSUPPORTED or
   *     MALFORMED when it cannot be read
   * @throws IOException when the folder cannot be written
   */
  public static FilmStretch read(
      Path film, long fromMicros, long toMicros, int audio, Path folder, LongConsumer progress)
      throws MediaException, IOException {
    FilmStretch stretch = new FilmStretch(fromMicros, toMicros, folder);
    boolean far = fromMicros >= NEAR_MICROS;
    if (!(far && stretch.read(film, audio, true, progress))) {
      stretch.read(film, audio, false, progress);
    }
    if (stretch.ended) {
      stretch.checkEnd();
    }
    return stretch;
  }

  /**
   * @param seek whether what lies far before mark-in is jumped over
   * @return false when that is not possible; nothing has been written then
   */
  private boolean read(Path film, int audio, boolean seek, LongConsumer progress)
      throws MediaException, IOException {
    ended = false;
    try (MediaSource source =
        MediaSource.open(film.toAbsolutePath().toString(), SourceOptions.DEFAULTS)) {
      return read(source, audio, seek, progress);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Cuts between the marks. Start and end of the result are counted from the first picture.
   *
   * @param exact whether to the picture; else a copy from the keyframe before mark-in
   * @param progress told how far it is in cutting, or in encoding all of it
   * @throws MediaException as {@link Cut} does
   */
  public CutResult cut(boolean exact, Progress progress) throws MediaException, IOException {
    ByteSource bytes = watched("cutting", progress);
    CutResult cut =
        exact
            ? Cut.exact(
                NAME,
                chunks,
                fromMicros,
                toMicros,
                bytes,
                this,
                why -> watched("encoding", progress))
            : Cut.copy(NAME, chunks, fromMicros, toMicros, bytes, this);
    return cut.earlier(FIRST_PICTURE);
  }

  private ByteSource watched(String doing, Progress progress) {
    return new WatchedBytes(this, chunks.stream().map(ChunkInfo::key).toList(), doing, progress);
  }

  @Override
  public byte[] read(String key, long offset, long length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(key).toFile(), "r")) {
      long end = length < 0 ? file.length() : Math.min(file.length(), offset + length);
      byte[] bytes = new byte[(int) Math.max(0, end - offset)];
      file.seek(offset);
      file.readFully(bytes);
      return bytes;
    }
  }

  @Override
  public void put(NewObject object) throws IOException {
    Path file = folder.resolve(object.key());
    Files.createDirectories(file.getParent());
    Files.write(file, object.content());
  }

  private boolean read(MediaSource source, int audio, boolean seek, LongConsumer progress)
      throws MediaException, IOException {
    Map<Integer, TrackEncoder> encoders = new HashMap<>();
    try {
      List<SourceTrack> tracks = new ArrayList<>();
      for (SourceTrack track : chosen(source.tracks(), audio)) {
        if (ChunkWriter.copies(track)) {
          tracks.add(track);
        } else {
          TrackEncoder encoder = TrackEncoder.of(track);
          encoders.put(track.index(), encoder);
          tracks.add(encoder.track());
        }
      }
      return read(source, tracks, encoders, seek, progress);
    } finally {
      encoders.values().forEach(TrackEncoder::close);
    }
  }

  private static List<SourceTrack> chosen(List<SourceTrack> tracks, int audio)
      throws MediaException {
    List<SourceTrack> sounds = tracks.stream().filter(SourceTrack::isAudio).toList();
    if (audio > sounds.size()) {
      String has =
          sounds.isEmpty()
              ? "no sound"
              : sounds.size() == 1 ? "one sound track" : sounds.size() + " sound tracks";
      throw new MediaException(
          Reason.NOT_FOUND, "There is no sound track " + audio + ": the film has " + has);
    }
    List<SourceTrack> chosen = new ArrayList<>();
    tracks.stream().filter(SourceTrack::isVideo).findFirst().ifPresent(chosen::add);
    chosen.addAll(audio == 0 ? sounds : List.of(sounds.get(audio - 1)));
    if (chosen.isEmpty()) {
      throw new MediaException(Reason.UNSUPPORTED, "The film has neither pictures nor sound");
    }
    return chosen;
  }

  private boolean read(
      MediaSource source,
      List<SourceTrack> tracks,
      Map<Integer, TrackEncoder> encoders,
      boolean seek,
      LongConsumer progress)
      throws MediaException, IOException {
    SourceTrack leading = tracks.get(0);
    List<Packet> held = upToPicture(source, leading, false);
    if (held.isEmpty()) {
      throw new MediaException(Reason.MALFORMED, "The film breaks off before its first picture");
    }
    long zero = held.get(held.size() - 1).pts();
    if (seek) {
      held = zero == Packet.ABSENT ? List.of() : near(source, leading, zero);
      if (held.isEmpty()) {
        return false;
      }
    }
    EpochAxis axis = new EpochAxis(FIRST_PICTURE, zero, leading.timeBase());
    Chunks sink = new Chunks();
    ChunkWriter writer = new ChunkWriter(tracks, axis, NAME, EPOCH, CHUNK);
    for (Packet early : held) {
      write(early, encoders, writer, sink);
    }
    boolean pastOut = false;
    for (Packet packet = next(source); packet != null; packet = next(source)) {
      write(packet, encoders, writer, sink);
      if (packet.track() == leading.index() && packet.pts() != Packet.ABSENT) {
        long at = Rational.rescale(packet.pts() - zero, leading.timeBase(), MICROS);
        progress.accept(Math.max(0, at));
        long behind = FIRST_PICTURE + at - toMicros;
        pastOut |= packet.keyframe() && behind >= 0;
        if (pastOut && behind >= SOUND_BEHIND_MICROS) {
          break;
        }
      }
    }
    for (TrackEncoder encoder : encoders.values()) {
      encoder.finish(encoded -> writer.accept(encoded, sink));
    }
    writer.finish(sink);
    return true;
  }

  /**
   * Jumps to a keyframe some time before mark-in.
   *
   * @param zero presentation time of the film's first picture
   * @return the first packets from there on, the keyframe last; empty when there is none
   */
  private List<Packet> near(MediaSource source, SourceTrack leading, long zero)
      throws MediaException {
    long markIn = fromMicros - FIRST_PICTURE;
    for (long before : BEFORE_MICROS) {
      long wanted = Math.max(0, markIn - before);
      ended = false;
      if (!source.seek(leading, zero + Rational.rescale(wanted, MICROS, leading.timeBase()))) {
        return List.of();
      }
      List<Packet> found = upToPicture(source, leading, true);
      if (!found.isEmpty()) {
        long at = found.get(found.size() - 1).pts() - zero;
        if (Rational.rescale(at, leading.timeBase(), MICROS) <= markIn) {
          return found;
        }
      }
    }
    return List.of();
  }

  /**
   * @param keyframe whether it must be one with which a decoder can start
   * @return packets up to the next picture; empty when none follows
   */
  private List<Packet> upToPicture(MediaSource source, SourceTrack leading, boolean keyframe)
      throws MediaException {
    List<Packet> read = new ArrayList<>();
    for (Packet packet = next(source); packet != null; packet = next(source)) {
      boolean picture = packet.track() == leading.index();
      if (picture && keyframe && (!packet.keyframe() || packet.pts() == Packet.ABSENT)) {
        continue;
      }
      read.add(packet.copy());
      if (picture) {
        return read;
      }
    }
    return List.of();
  }

  private Packet next(MediaSource source) throws MediaException {
    try {
      Packet packet = source.next();
      ended |= packet == null;
      return packet;
    } catch (MediaException e) {
      if (e.reason() != Reason.INCOMPLETE) {
        throw e;
      }
      // What is there is good.
      ended = true;
      return null;
    }
  }

  private static void write(
      Packet packet, Map<Integer, TrackEncoder> encoders, ChunkWriter writer, Chunks sink)
      throws MediaException {
    TrackEncoder encoder = encoders.get(packet.track());
    if (encoder == null) {
      writer.accept(packet, sink);
    } else {
      encoder.accept(packet, encoded -> writer.accept(encoded, sink));
    }
  }

  private void checkEnd() throws MediaException {
    long end = chunks.stream().mapToLong(ChunkInfo::endMicros).max().orElse(0);
    if (fromMicros >= end || toMicros > end + AT_END_MICROS) {
      throw new MediaException(
          Reason.NOT_FOUND,
          String.format(
              Locale.ROOT,
              "%s lies outside of the film, which is %.3f s long",
              fromMicros >= end ? "The beginning" : "The end",
              Positions.seconds(end - FIRST_PICTURE)));
    }
  }

  /** Stores chunks, and deletes those that nothing between the marks needs. */
  private final class Chunks implements ChunkSink {

    private long sequence = 1;

    @Override
    public void init(int track, String key, byte[] content) {
      store(key, content);
    }

    @Override
    public void chunk(WrittenChunk chunk) {
      String key = Ids.chunkKey(NAME, EPOCH, sequence);
      ChunkInfo info =
          new ChunkInfo(
              NAME,
              EPOCH,
              NAME,
              sequence++,
              chunk.positionMicros(),
              chunk.durationMicros(),
              0,
              key,
              chunk.content().length,
              chunk.tracks(),
              chunk.fragments());
      if (beginsAtOrBeforeMarkIn(info)) {
        chunks.stream()
            .filter(before -> before.endMicros() + SOUND_BEHIND_MICROS < fromMicros)
            .forEach(this::delete);
        chunks.removeIf(before -> before.endMicros() + SOUND_BEHIND_MICROS < fromMicros);
      }
      store(key, chunk.content());
      chunks.add(info);
    }

    private boolean beginsAtOrBeforeMarkIn(ChunkInfo chunk) {
      int leading = chunk.tracks().get(0).track();
      return chunk.fragments().stream()
          .filter(fragment -> fragment.track() == leading && fragment.independent())
          .mapToLong(Fragment::positionMicros)
          .anyMatch(position -> position <= fromMicros);
    }

    private void store(String key, byte[] content) {
      try {
        put(new NewObject(key, content));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void delete(ChunkInfo chunk) {
      try {
        Files.delete(folder.resolve(chunk.key()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
