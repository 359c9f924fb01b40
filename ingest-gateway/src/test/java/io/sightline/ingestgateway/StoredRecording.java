package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.await;

import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.Fragment;
import io.sightline.records.Ids;
import io.sightline.records.RecordedBlock;
import io.sightline.records.RecordingLedger;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.Records;
import java.util.ArrayList;
import java.util.List;

/**
 * What was recorded of a stream, as intake and the ledger's keeper store it: chunks of two seconds.
 */
final class StoredRecording {

  static final long CHUNK_MICROS = 2_000_000;

  private final GatewayFixture gateway;
  private final String stream;
  private final List<RecordedBlock> blocks = new ArrayList<>();

  StoredRecording(GatewayFixture gateway, String stream) {
    this.gateway = gateway;
    this.stream = stream;
  }

  /**
   * An epoch and its chunks.
   *
   * @param sounds how many sound tracks it has
   * @param kept how many of its chunks are still kept, the last ones
   */
  StoredRecording epoch(long startMicros, int chunks, int sounds, int kept, boolean ended) {
    String epoch = Ids.epoch(startMicros, "local");
    long end = startMicros + chunks * CHUNK_MICROS;
    EpochInfo info =
        new EpochInfo(
            stream,
            epoch,
            "live",
            "local",
            startMicros,
            ended ? end : null,
            1,
            chunks,
            ended,
            null,
            0);
    await(
        Records.of(gateway.records, EpochInfo.class)
            .put(StoreKeys.epochs(stream), epoch, info, null));
    for (int at = chunks - kept; at < chunks; at++) {
      ChunkInfo chunk = chunk(epoch, at, startMicros + at * CHUNK_MICROS, sounds);
      await(
          Records.of(gateway.records, ChunkInfo.class)
              .put(
                  StoreKeys.chunks(stream),
                  StoreKeys.sort(chunk.positionMicros(), "live"),
                  chunk,
                  null));
    }
    if (kept > 0) {
      long first = end - kept * CHUNK_MICROS;
      blocks.add(
          new RecordedBlock(
              "live", epoch, chunks - kept, chunks - 1, first, end, end, 1, 1, kept, kept, ended));
    }
    RecordingLedger ledger =
        new RecordingLedger(stream, chunks, chunks, 0, 0, null, List.of(), blocks, List.of());
    await(
        Records.of(gateway.records, RecordingLedger.class)
            .put(StoreKeys.LEDGERS, stream, ledger, null));
    return this;
  }

  private ChunkInfo chunk(String epoch, int sequence, long position, int sounds) {
    List<TrackInfo> tracks = new ArrayList<>();
    tracks.add(track(1, TrackInfo.Kind.VIDEO, "avc1.64001f"));
    for (int sound = 0; sound < sounds; sound++) {
      tracks.add(track(2 + sound, TrackInfo.Kind.AUDIO, "mp4a.40.2"));
    }
    return new ChunkInfo(
        stream,
        epoch,
        "live",
        sequence,
        position,
        CHUNK_MICROS,
        position,
        Ids.chunkKey(stream, epoch, sequence),
        10,
        tracks,
        List.of(new Fragment(1, position, 90_000, 180_000, 0, 10, true)));
  }

  private static TrackInfo track(int number, TrackInfo.Kind kind, String codec) {
    return new TrackInfo(number, kind, codec, "init", 90_000, 0, 64, 48, null, 0, 0, null);
  }
}
