package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipFolder;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cmaf.ChunkSink;
import io.sightline.media.cmaf.ChunkWriter;
import io.sightline.media.cmaf.WrittenChunk;
import io.sightline.media.cut.Cut;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ChunkInfo;
import io.sightline.records.ClipIndex;
import io.sightline.records.EpochAxis;
import io.sightline.records.Ids;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes an index of the MP4 that a job wrote: its media is laid into chunks like anything recorded,
 * in the clip's or replay's own folder, so that it plays, and joins others in a reel, as what is
 * cut here. Nothing is encoded. Blocking; one file each.
 */
final class OutputMedia implements ChunkSink {

  private static final Duration CHUNK = Duration.ofSeconds(2);
  private static final String AGENT = "mediaconvert";

  private final String id;
  private final String stream;
  private final String run;
  private final ClipFolder folder;
  private final List<JobInput> inputs;
  private final PictureCount expected;
  private final int part;
  private final String epoch;
  private final List<ChunkInfo> chunks = new ArrayList<>();

  /**
   * @param id of the clip or replay
   * @param stream that its chunks are to be of
   * @param run that its chunks are to be of
   * @param part number of the job
   */
  OutputMedia(
      String id, String stream, String run, ClipFolder folder, Submission submission, int part) {
    this.id = id;
    this.stream = stream;
    this.run = run;
    this.folder = folder;
    this.inputs = submission.part(part);
    this.expected = submission.pictures(part);
    this.part = part;
    this.epoch = Ids.epoch(inputs.get(0).startMicros(), AGENT);
  }

  /**
   * Stores the media.
   *
   * @throws MediaException MALFORMED when the file does not show as many pictures as were asked for
   */
  ClipIndex index(Path mp4) throws MediaException, IOException {
    expected.require(lay(mp4));
    long start = inputs.get(0).startMicros();
    ClipIndex laid =
        Cut.copy(
                id + "/part-" + part,
                chunks,
                start,
                chunks.get(chunks.size() - 1).endMicros() + 1,
                folder.bytes(),
                folder::put)
            .index();
    List<ClipIndex.Piece> pieces = laid.pieces().stream().map(this::placed).toList();
    return new ClipIndex(id, laid.tracks(), laid.reorderMicros(), pieces);
  }

  /** Returns how many pictures there are. */
  private long lay(Path mp4) throws MediaException, IOException {
    try (MediaSource source = MediaSource.open(mp4.toString(), SourceOptions.DEFAULTS)) {
      SourceTrack video =
          source.tracks().stream()
              .filter(SourceTrack::isVideo)
              .findFirst()
              .orElseThrow(
                  () -> new MediaException(Reason.MALFORMED, "MediaConvert made no pictures"));
      List<Packet> early = new ArrayList<>();
      Packet packet = source.next();
      while (packet != null && packet.track() != video.index()) {
        early.add(packet.copy());
        packet = source.next();
      }
      if (packet == null) {
        return 0;
      }
      EpochAxis axis = new EpochAxis(inputs.get(0).startMicros(), packet.pts(), video.timeBase());
      ChunkWriter writer = new ChunkWriter(source.tracks(), axis, stream, epoch, CHUNK);
      for (Packet sound : early) {
        writer.accept(sound, this);
      }
      long pictures = 0;
      for (; packet != null; packet = source.next()) {
        pictures += packet.track() == video.index() ? 1 : 0;
        writer.accept(packet, this);
      }
      writer.finish(this);
      return pictures;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void init(int track, String key, byte[] content) {
    store(own(key), content);
  }

  @Override
  public void chunk(WrittenChunk written) {
    String name = "media-" + part + "-" + chunks.size() + ".mp4";
    store(name, written.content());
    chunks.add(
        new ChunkInfo(
            stream,
            epoch,
            run,
            chunks.size() + 1L,
            written.positionMicros(),
            written.durationMicros(),
            written.positionMicros(),
            folder.key(name),
            written.content().length,
            written.tracks().stream().map(this::own).toList(),
            written.fragments()));
  }

  private void store(String name, byte[] content) {
    try {
      folder.put(name, content, "video/mp4");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The writer's init parts belong to a stream; these lie with the clip. */
  private static String own(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  private TrackInfo own(TrackInfo info) {
    return new TrackInfo(
        info.track(),
        info.kind(),
        info.codec(),
        folder.key(own(info.initKey())),
        info.timescale(),
        info.reorderTicks(),
        info.width(),
        info.height(),
        info.frameRate(),
        info.sampleRate(),
        info.channels(),
        info.language());
  }

  /** The output runs on where the stream has gaps: behind one, its pieces lie later. */
  private ClipIndex.Piece placed(ClipIndex.Piece piece) {
    long into = piece.positionMicros() - inputs.get(0).startMicros();
    long position = piece.positionMicros();
    for (JobInput input : inputs) {
      position = input.startMicros() + into;
      if (into < input.durationMicros()) {
        break;
      }
      into -= input.durationMicros();
    }
    return new ClipIndex.Piece(
        piece.track(),
        piece.key(),
        piece.offset(),
        piece.length(),
        position,
        piece.decodeTicks(),
        piece.clipTicks(),
        piece.durationTicks(),
        piece.independent(),
        piece.configuration());
  }
}
