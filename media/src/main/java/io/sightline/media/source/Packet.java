package io.sightline.media.source;

import java.nio.ByteBuffer;

/**
 * One coded picture or one piece of coded sound. What {@link MediaSource#next()} returns is
 * borrowed until its next call; {@link #copy()} is not. Not thread-safe.
 */
public final class Packet {

  /** Stands for a time or a duration that the source does not give. */
  public static final long ABSENT = Long.MIN_VALUE;

  private final int track;
  private final long pts;
  private final long dts;
  private final long duration;
  private final boolean keyframe;
  private final boolean corrupt;
  private final boolean hidden;
  private final byte[] newExtradata;
  private final long senderMicros;
  private final ByteBuffer data;

  Packet(
      int track,
      long pts,
      long dts,
      long duration,
      boolean keyframe,
      boolean corrupt,
      boolean hidden,
      byte[] newExtradata,
      long senderMicros,
      ByteBuffer data) {
    this.track = track;
    this.pts = pts;
    this.dts = dts;
    this.duration = duration;
    this.keyframe = keyframe;
    this.corrupt = corrupt;
    this.hidden = hidden;
    this.newExtradata = newExtradata;
    this.senderMicros = senderMicros;
    this.data = data;
  }

  /**
   * A packet that does not come from a {@link MediaSource}.
   *
   * @param pts in units of the track's time base, or {@link #ABSENT}; so {@code dts}
   * @param duration in units of the track's time base; 0 when unknown
   * @param data shared, not copied
   */
  public static Packet of(
      int track, long pts, long dts, long duration, boolean keyframe, ByteBuffer data) {
    return new Packet(
        track, pts, dts, duration, keyframe, false, false, null, ABSENT, data.slice());
  }

  /** The same with a codec header that holds from here on. */
  public Packet with(byte[] changedExtradata) {
    return new Packet(
        track,
        pts,
        dts,
        duration,
        keyframe,
        corrupt,
        hidden,
        changedExtradata.clone(),
        senderMicros,
        data);
  }

  /** The same so many units of its time base later. */
  public Packet shifted(long ticks) {
    return new Packet(
        track,
        pts == ABSENT ? ABSENT : pts + ticks,
        dts == ABSENT ? ABSENT : dts + ticks,
        duration,
        keyframe,
        corrupt,
        hidden,
        newExtradata,
        senderMicros,
        data);
  }

  /** {@link SourceTrack#index()} of its track. */
  public int track() {
    return track;
  }

  /** When it is shown, in units of the track's time base, or {@link #ABSENT}. */
  public long pts() {
    return pts;
  }

  /** When it is decoded, in units of the track's time base, or {@link #ABSENT}. */
  public long dts() {
    return dts;
  }

  /** How long it is shown, in units of the track's time base; 0 when unknown. */
  public long duration() {
    return duration;
  }

  /** Whether a decoder can start here. */
  public boolean keyframe() {
    return keyframe;
  }

  /** Whether the source says that bytes of it are wrong or missing. */
  public boolean corrupt() {
    return corrupt;
  }

  /** Whether it is there for others to refer to and not to be shown (the edit list says so). */
  public boolean hidden() {
    return hidden;
  }

  /** A codec header that holds from this packet on, or null when it has not changed. */
  public byte[] newExtradata() {
    return newExtradata == null ? null : newExtradata.clone();
  }

  /**
   * The sender's clock at its presentation time, in microseconds since 1970 as that clock has it,
   * or {@link #ABSENT}: of RTSP, once the sender has told it (RFC 3550, sender report).
   */
  public long senderMicros() {
    return senderMicros;
  }

  /** Its bytes; each call returns a new read-only view of the same bytes. */
  public ByteBuffer data() {
    return data.asReadOnlyBuffer();
  }

  public int size() {
    return data.remaining();
  }

  /** The same with its own bytes. */
  public Packet copy() {
    ByteBuffer bytes = ByteBuffer.allocate(data.remaining());
    bytes.put(data.duplicate()).flip();
    return new Packet(
        track, pts, dts, duration, keyframe, corrupt, hidden, newExtradata, senderMicros, bytes);
  }
}
