package io.sightline.records;

/**
 * How far a stage has come with a run of a stream: what a health page shows per hop, and how the
 * end of a file is recognised.
 *
 * @param stage {@code capture}, {@code analyzer}, {@code segmenter}, {@code alerter} and so on
 * @param epoch the newest it has seen
 * @param positionMicros up to which its work is stored
 * @param ended whether the epoch's end has been worked off, or that its stream was given up
 * @param items worked off in this epoch
 * @param atMicros wall clock of this report
 * @param settledMicros before which no segment begins that is not stored yet; null where that is
 *     not known, and of stages that find none
 */
public record StageProgress(
    String stage,
    String stream,
    String run,
    String epoch,
    long positionMicros,
    boolean ended,
    long items,
    long atMicros,
    Long settledMicros) {

  /** Of a stage that finds no segments. */
  public StageProgress(
      String stage,
      String stream,
      String run,
      String epoch,
      long positionMicros,
      boolean ended,
      long items,
      long atMicros) {
    this(stage, stream, run, epoch, positionMicros, ended, items, atMicros, null);
  }

  /** Up to where all segments that begin there are stored. */
  public long segmentsMicros() {
    return settledMicros == null ? positionMicros : settledMicros;
  }
}
