package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.encode.LoudnessMeter;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.Rational;
import java.io.IOException;
import java.util.List;

/**
 * Encodes a sound track of a clip so that all of it has another loudness; nothing is compressed.
 */
final class RenderedSound implements ClipPackets.Reader, AutoCloseable {

  private final double gain;
  private final RenderedObjects objects;
  private final PiecePositions positions = new PiecePositions();
  private TrackEncoder encoder;
  private Rational unit;
  private Rational clipUnit;
  private long endTicks;

  private RenderedSound(double gain, RenderedObjects objects) {
    this.gain = gain;
    this.objects = objects;
  }

  /**
   * Listens.
   *
   * @param lufs integrated loudness that it is to have
   * @return the factor that gives it that
   */
  static double gain(ClipPackets packets, int track, double lufs)
      throws MediaException, IOException {
    try (Measured measured = new Measured(lufs)) {
      packets.read(track, measured);
      measured.finish();
      return measured.gain;
    }
  }

  static void render(ClipPackets packets, int track, double gain, RenderedObjects objects)
      throws MediaException, IOException {
    try (RenderedSound sound = new RenderedSound(gain, objects)) {
      packets.read(track, sound);
      sound.finish();
    }
  }

  @Override
  public void begin(SourceTrack recorded) throws MediaException, IOException {
    finish();
    encoder = TrackEncoder.ofSound(recorded, gain);
    Rational made = encoder.track().timeBase();
    if (unit != null && !unit.equals(made)) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "The clip's sound changes its sample rate: its loudness cannot be set");
    }
    unit = made;
    clipUnit = recorded.timeBase();
    objects.begin(encoder.track(), this::position);
  }

  @Override
  public void piece(ClipIndex.Piece piece, List<Packet> packets)
      throws MediaException, IOException {
    positions.add(Rational.rescale(piece.clipTicks(), clipUnit, unit), piece.positionMicros());
    for (Packet packet : packets) {
      encoder.accept(packet, this::encoded);
    }
    objects.put();
  }

  private void encoded(Packet packet) {
    endTicks = packet.pts() + packet.duration();
    objects.add(packet, packet.pts());
  }

  private long position(long ticks) {
    return positions.at(ticks, unit);
  }

  private void finish() throws MediaException, IOException {
    if (encoder != null) {
      encoder.finish(this::encoded);
      objects.end(endTicks);
      close();
    }
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }

  /** Of sound that was recorded in several ways, the loudest decides. */
  private static final class Measured implements ClipPackets.Reader, AutoCloseable {

    private final double lufs;
    private LoudnessMeter meter;
    private double gain = Double.MAX_VALUE;

    Measured(double lufs) {
      this.lufs = lufs;
    }

    @Override
    public void begin(SourceTrack recorded) throws MediaException {
      finish();
      meter = new LoudnessMeter(recorded);
    }

    @Override
    public void piece(ClipIndex.Piece piece, List<Packet> packets) throws MediaException {
      for (Packet packet : packets) {
        meter.accept(packet);
      }
    }

    void finish() throws MediaException {
      if (meter != null) {
        meter.finish();
        gain = Math.min(gain, meter.gainTo(lufs));
        close();
      }
    }

    @Override
    public void close() {
      if (meter != null) {
        meter.close();
        meter = null;
      }
    }
  }
}
