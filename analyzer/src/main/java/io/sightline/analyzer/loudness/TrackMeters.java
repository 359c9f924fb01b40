package io.sightline.analyzer.loudness;

import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Sound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** A {@link TrackMeter} for each audio track of a stream. One thread at a time. */
public final class TrackMeters {

  private static final int VERSION = 1;

  /** As the first, and of each meter also what it knows of pauses. */
  private static final int VERSION_WITH_PAUSES = 2;

  private static final int MAX_TRACKS = 64;

  private final double silenceLufs;
  private final PauseRule pauses;
  private final TreeMap<Integer, TrackMeter> meters = new TreeMap<>();

  public TrackMeters(double silenceLufs) {
    this(silenceLufs, null);
  }

  /**
   * @param pauses which pauses are told of, too; null for none
   */
  public TrackMeters(double silenceLufs, PauseRule pauses) {
    this.silenceLufs = silenceLufs;
    this.pauses = pauses;
  }

  public Measured measure(Sound sound) throws AnalysisException {
    if (!meters.containsKey(sound.audioTrack()) && meters.size() == MAX_TRACKS) {
      throw new AnalysisException("No more than " + MAX_TRACKS + " audio tracks are measured");
    }
    return meters
        .computeIfAbsent(sound.audioTrack(), track -> new TrackMeter(silenceLufs, pauses))
        .measure(sound);
  }

  public byte[] state() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(pauses == null ? VERSION : VERSION_WITH_PAUSES);
      out.writeInt(meters.size());
      for (Map.Entry<Integer, TrackMeter> meter : meters.entrySet()) {
        out.writeInt(meter.getKey());
        meter.getValue().write(out);
        if (pauses != null) {
          meter.getValue().writePauses(out);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when it is no such state
   */
  public void restore(byte[] state) {
    meters.clear();
    if (state.length == 0) {
      return;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      int version = in.readByte();
      int count = in.readInt();
      boolean known = version == VERSION || version == VERSION_WITH_PAUSES;
      if (!known || count < 0 || count > MAX_TRACKS) {
        throw new IOException("unknown version or count");
      }
      for (int i = 0; i < count; i++) {
        TrackMeter meter = new TrackMeter(silenceLufs, pauses);
        int track = in.readInt();
        meter.read(in);
        if (version == VERSION_WITH_PAUSES) {
          meter.readPauses(in);
        }
        meters.put(track, meter);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("The state of a loudness meter is damaged", e);
    }
  }
}
