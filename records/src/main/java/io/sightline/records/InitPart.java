package io.sightline.records;

/**
 * The init part ({@code ftyp} and {@code moov}, ISO/IEC 23000-19) of one track and codec
 * configuration; its bytes travel beside it. Stored by the gateway before any chunk that names it;
 * not passed on.
 *
 * @param key where it is stored; it names a digest of its content
 */
public record InitPart(
    String stream,
    String epoch,
    String run,
    long sequence,
    long positionMicros,
    int track,
    String key)
    implements StreamItem {

  /** An init part holds parameter sets, not media: anything larger is not one. */
  public static final int MAX_BYTES = 64 * 1024;

  public InitPart {
    ItemChecks.check(stream, epoch, run, sequence, positionMicros);
  }

  @Override
  public Lane lane() {
    return Lane.CHUNKS;
  }
}
