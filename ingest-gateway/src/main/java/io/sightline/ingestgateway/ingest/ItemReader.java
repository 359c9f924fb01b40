package io.sightline.ingestgateway.ingest;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.InitPart;
import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import io.sightline.records.Marker;
import io.sightline.records.StreamItem;
import io.sightline.records.TrackInfo;
import io.sightline.storage.RecordStore;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads the messages of one epoch and believes nothing in them: sizes, keys and ranges are checked
 * against what the gateway knows, so that an agent can write its own epoch and nowhere else.
 */
final class ItemReader {

  /** A chunk's JSON must fit into the record store. */
  static final int MAX_HEADER_BYTES = RecordStore.MAX_VALUE_BYTES;

  private static final long MAX_POSITION = 9_999_999_999_999_999L;
  private static final long MAX_CHUNK_MICROS = 600_000_000L;
  private static final int MAX_TRACKS = 32;
  private static final int MOOF = 0x6d6f6f66;
  private static final int FTYP = 0x66747970;

  private final String stream;
  private final String epoch;
  private final String run;
  private final int maxItemBytes;
  private final int maxFrameBytes;

  ItemReader(String stream, String epoch, String run, int maxItemBytes, int maxFrameBytes) {
    this.stream = stream;
    this.epoch = epoch;
    this.run = run;
    this.maxItemBytes = maxItemBytes;
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * @throws Refusal when it is no item of this epoch
   */
  IngestItem read(Buffer message) {
    if (message.length() > maxItemBytes) {
      throw Refusal.tooLarge("An item has at most " + maxItemBytes + " bytes.");
    }
    if (message.length() < Integer.BYTES) {
      throw Refusal.malformed("An item begins with the length of its header.");
    }
    int length = message.getInt(0);
    if (length < 2 || length > MAX_HEADER_BYTES || length > message.length() - Integer.BYTES) {
      throw Refusal.malformed(
          "The header cannot have " + Integer.toUnsignedLong(length) + " bytes.");
    }
    byte[] header = message.getBytes(Integer.BYTES, Integer.BYTES + length);
    Buffer payload = message.slice(Integer.BYTES + length, message.length());
    try {
      IngestItem item = new IngestItem(Json.decode(header, StreamItem.class), payload);
      check(item);
      return item;
    } catch (MalformedRecordException | IllegalArgumentException | ArithmeticException e) {
      throw Refusal.malformed(e.getMessage());
    }
  }

  /**
   * @throws IllegalArgumentException or Refusal when it may not be taken
   */
  void check(IngestItem read) {
    StreamItem item = read.item();
    if (!item.stream().equals(stream)) {
      throw Refusal.malformed("This connection is for the stream '" + stream + "' alone.");
    }
    if (!epoch.equals(item.epoch()) || !run.equals(item.run())) {
      throw Refusal.malformed("This connection is for epoch " + epoch + " of run " + run + ".");
    }
    if (item.positionMicros() > MAX_POSITION) {
      throw Refusal.malformed("The position lies beyond the year 2286.");
    }
    if (item instanceof FrameInfo frame) {
      check(frame, read.payload());
    } else if (item instanceof ChunkInfo chunk) {
      check(chunk, read.payload());
    } else if (item instanceof InitPart init) {
      check(init, read.payload());
    } else if (item instanceof Marker) {
      require(read.payload().length() == 0, "A marker has no payload.");
    } else {
      throw Refusal.malformed("Agents send frames, chunks, init parts and markers.");
    }
  }

  private void check(FrameInfo frame, Buffer jpeg) {
    if (jpeg.length() > maxFrameBytes) {
      throw Refusal.tooLarge("A picture has at most " + maxFrameBytes + " bytes.");
    }
    require(frame.sizeBytes() == jpeg.length(), "The picture is not as long as its header says.");
    JpegHeader header = JpegHeader.of(jpeg);
    require(
        header.width() == frame.width() && header.height() == frame.height(),
        "The picture is not as large as its header says.");
  }

  private void check(ChunkInfo chunk, Buffer content) {
    require(chunk.sizeBytes() == content.length(), "The chunk is not as long as its header says.");
    require(
        Ids.chunkKey(stream, epoch, chunk.sequence()).equals(chunk.key()),
        "The chunk's key must be the one of its sequence.");
    require(chunk.durationMicros() <= MAX_CHUNK_MICROS, "A chunk lasts ten minutes at most.");
    require(chunk.tracks().size() <= MAX_TRACKS, "A chunk has at most 32 tracks.");
    Set<Integer> tracks = new HashSet<>();
    for (TrackInfo track : chunk.tracks()) {
      require(tracks.add(track.track()), "A track is listed twice.");
      require(isInitKey(track.track(), track.initKey()), "A track's init part lies elsewhere.");
    }
    for (Fragment fragment : chunk.fragments()) {
      require(tracks.contains(fragment.track()), "A fragment is of a track that is not listed.");
      require(fragment.length() >= 16, "A fragment is too short.");
      require(
          content.getInt((int) fragment.offset() + Integer.BYTES) == MOOF,
          "A fragment does not begin with a moof.");
    }
  }

  private void check(InitPart init, Buffer content) {
    if (content.length() > InitPart.MAX_BYTES) {
      throw Refusal.tooLarge("An init part has at most " + InitPart.MAX_BYTES + " bytes.");
    }
    require(content.length() >= 16 && content.getInt(4) == FTYP, "The init part is none.");
    require(init.track() >= 1 && init.track() <= MAX_TRACKS, "Tracks are numbered 1 to 32.");
    String key = Ids.initKey(stream, epoch, init.track(), Ids.digest(content.getBytes()));
    require(key.equals(init.key()), "The init part's key must name its content.");
  }

  private boolean isInitKey(int track, String key) {
    String prefix = "streams/" + stream + "/" + epoch + "/init-" + track + "-";
    return key != null
        && key.startsWith(prefix)
        && key.substring(prefix.length()).matches("[0-9a-f]{12}\\.mp4");
  }

  private static void require(boolean right, String otherwise) {
    if (!right) {
      throw Refusal.malformed(otherwise);
    }
  }
}
