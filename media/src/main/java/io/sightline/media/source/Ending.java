package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Tells whether a source ends where it should. FFmpeg reports the end of a file that breaks off
 * just like any other; so the file's own words are compared with what was there: the index of an
 * MP4, the boxes of a fragmented one, the packet grid of MPEG-TS, the duration that a header
 * declares.
 */
final class Ending {

  /** How much is missing when that cannot be known. */
  static final long UNKNOWN = -1;

  /** Where an index reaches to is seen at its end; a day of samples need not be looked through. */
  private static final int LAST_SAMPLES = 256;

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** Declared durations are rounded, and count tracks that are not read. */
  private static final long TOLERANCE_MICROS = Positions.MICROS_PER_SECOND;

  private static final double TOLERANCE_PART = 0.02;

  private final SourceAddress address;
  private final AVFormatContext context;
  private final List<OpenedTrack> tracks;
  private final String container;
  private final TsTail tail;

  private boolean cut;
  private long droppedMicros;

  Ending(SourceAddress address, AVFormatContext context, List<OpenedTrack> tracks, String container)
      throws MediaException {
    this.address = address;
    this.context = context;
    this.tracks = tracks;
    this.container = container;
    try {
      this.tail =
          address.path() != null && container.equals("mpegts")
              ? TsTail.read(address.path())
              : new TsTail(false, false);
    } catch (IOException e) {
      throw new MediaException(
          Reason.UNAVAILABLE, address.name() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Refuses an MP4 whose index speaks of bytes beyond its end: it would seem whole until then, and
   * every length that it tells would be wrong.
   */
  void checkIndex() throws MediaException {
    if (!container.startsWith("mov") || context.pb() == null || context.pb().isNull()) {
      return;
    }
    long size = avformat.avio_size(context.pb());
    if (size <= 0) {
      return;
    }
    long last = 0;
    for (OpenedTrack track : tracks) {
      AVStream stream = context.streams(track.track().index());
      // Without samples in the moov, the index grows with the fragments that have been read.
      int entries = avformat.avformat_index_get_entries_count(stream);
      int samples = (int) Math.min(stream.nb_frames(), entries);
      for (int i = Math.max(0, samples - LAST_SAMPLES); i < samples; i++) {
        AVIndexEntry entry = avformat.avformat_index_get_entry(stream, i);
        last = Math.max(last, entry.pos() + entry.size());
      }
    }
    if (last > size) {
      throw MediaException.incomplete(
          address.name()
              + " is incomplete: its index speaks of media up to byte "
              + last
              + ", but the file ends at byte "
              + size,
          UNKNOWN);
    }
  }

  /** Whether the last picture of each track is cut and must not be delivered. */
  boolean lastPicturesAreCut() {
    return tail.brokenPacket();
  }

  /** Whether a packet is only the beginning of one, because the file ends inside it. */
  boolean isCut(Packet packet) {
    return packet.corrupt() && address.path() != null && !container.equals("mpegts");
  }

  /** A packet was left out because it is cut. */
  void dropped(Packet packet, SourceTrack track) {
    cut = true;
    droppedMicros =
        Math.max(droppedMicros, Rational.rescale(packet.duration(), track.timeBase(), MICROS));
  }

  /** What is wrong with the end, once FFmpeg has nothing more to give. */
  Optional<MediaException> problem(int code) {
    if (address.path() == null) {
      return Optional.empty();
    }
    long missing = Math.max(droppedMicros, Math.max(missingByIndex(), missingByDuration()));
    boolean breaksOff =
        cut
            || tail.brokenPacket()
            || tail.unfinishedSound()
            || code != avutil.AVERROR_EOF()
            || boxesBreakOff()
            || missingByDuration()
                > Math.max(TOLERANCE_MICROS, TOLERANCE_PART * context.duration());
    if (!breaksOff) {
      return Optional.empty();
    }
    return Optional.of(
        MediaException.incomplete(
            String.format(
                Locale.ROOT,
                "%s breaks off after %.2f s%s",
                address.name(),
                Positions.seconds(deliveredMicros()),
                missing <= 0
                    ? "; how much is missing it does not say"
                    : String.format(
                        Locale.ROOT, "; at least %.2f s are missing", Positions.seconds(missing))),
            missing <= 0 ? UNKNOWN : missing));
  }

  private long deliveredMicros() {
    return tracks.stream().mapToLong(OpenedTrack::deliveredMicros).max().orElse(0);
  }

  private long missingByDuration() {
    boolean declared =
        context.duration_estimation_method() == avformat.AVFMT_DURATION_FROM_STREAM
            && context.duration() > 0
            && !container.startsWith("mov");
    // Some count from the first packet, some from zero.
    long end = tracks.stream().mapToLong(OpenedTrack::endMicros).max().orElse(0);
    return declared ? context.duration() - Math.max(deliveredMicros(), end) : 0;
  }

  /** By the headers of fragments that arrived without all of their media. */
  private long missingByIndex() {
    long missing = 0;
    for (OpenedTrack track : tracks) {
      AVStream stream = context.streams(track.track().index());
      int entries = avformat.avformat_index_get_entries_count(stream);
      if (!container.startsWith("mov") || entries < 2 || !track.started()) {
        continue;
      }
      AVIndexEntry entry = avformat.avformat_index_get_entry(stream, entries - 1);
      long last = entry.timestamp();
      entry = avformat.avformat_index_get_entry(stream, entries - 2);
      long end = last + (last - entry.timestamp());
      long endMicros = Rational.rescale(end, track.track().timeBase(), MICROS);
      missing = Math.max(missing, endMicros - track.endMicros());
    }
    return missing;
  }

  private boolean boxesBreakOff() {
    try {
      return container.startsWith("mov") && Mp4Boxes.read(address.path()).breaksOff();
    } catch (IOException e) {
      return true;
    }
  }
}
