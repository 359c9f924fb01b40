package io.sightline.analyzer.health;

import io.sightline.analyzer.loudness.Measured;
import io.sightline.analyzer.loudness.TrackMeters;
import io.sightline.records.Detection;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.Positions;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.Picture;
import io.sightline.records.plugin.Sound;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reports a source that is black, frozen, silent or was away, for as long as it is. */
final class HealthAnalyzer implements Analyzer {

  /** One cell that changes this much more than the mean may is something that moves. */
  private static final double MOVING_CELL = 20;

  private final HealthSettings settings;
  private final TrackMeters meters;
  private final HealthState state = new HealthState();

  HealthAnalyzer(HealthSettings settings) {
    this.settings = settings;
    this.meters = new TrackMeters(settings.silenceLufs());
  }

  @Override
  public boolean inOrder() {
    return true;
  }

  @Override
  public boolean listens() {
    return true;
  }

  @Override
  public List<Detection> look(Picture picture) throws AnalysisException {
    long position = picture.info().positionMicros();
    PictureFacts facts =
        PictureFacts.of(picture.luma(), picture.width(), picture.height(), settings.blackLuma());
    double difference = state.seen ? facts.difference(state.previous) : 0;
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("brightness", rounded(facts.brightness()));
    values.put("contrast", rounded(facts.contrast()));
    values.put("sharpness", rounded(facts.sharpness()));
    values.put("difference", rounded(difference));

    List<Detection> detections = new ArrayList<>();
    long away = state.awayMicros(position);
    if (away > 0 && (state.stalled || away >= settings.noSignalMicros())) {
      detections.add(lasting("no-signal", position - away, position, Map.of()));
    }
    noteBlack(facts, position);
    noteFrozen(facts, position);
    if (lasts(state.blackSince, position, settings.blackMicros())) {
      detections.add(lasting("black", state.blackSince, position, values));
    }
    if (lasts(state.frozenSince, position, settings.frozenMicros())
        && position > state.frozenSince) {
      detections.add(lasting("frozen", state.frozenSince, position, values));
    }
    if (settings.always()) {
      detections.add(Detection.of(HealthPlugin.NAME, "picture", 100, null).withAttributes(values));
    }
    state.saw(facts.cells(), position);
    return detections;
  }

  @Override
  public List<Detection> listen(Sound sound) throws AnalysisException {
    Measured measured = meters.measure(sound);
    List<Detection> detections = new ArrayList<>();
    for (Measured.Silence silence : measured.silences()) {
      if (silence.lengthMicros() >= settings.silentMicros()) {
        detections.add(
            new Detection(
                HealthPlugin.NAME,
                "silent",
                100,
                null,
                silence.toMicros(),
                sound.audioTrack(),
                null,
                null,
                Map.of(
                    "fromMicros", silence.fromMicros(),
                    "seconds", Positions.seconds(silence.lengthMicros()),
                    "loudnessLufs", measured.loudnessLufs(),
                    "peakDbfs", measured.peakDbfs())));
      }
    }
    return detections;
  }

  @Override
  public void marker(Marker marker) {
    if (marker.kind() == Marker.Kind.STALLED && marker.lane() != Lane.CHUNKS) {
      state.stalled = true;
    }
  }

  @Override
  public byte[] state() {
    return state.write(meters.state());
  }

  @Override
  public void restore(byte[] bytes) {
    meters.restore(state.read(bytes));
  }

  private void noteBlack(PictureFacts facts, long position) {
    if (facts.darkShare() < settings.blackShare()) {
      state.blackSince = HealthState.NEVER;
    } else if (state.blackSince == HealthState.NEVER) {
      state.blackSince = position;
    }
  }

  /** Compares with where standing still began, so that slow change is no standstill. */
  private void noteFrozen(PictureFacts facts, long position) {
    boolean stands =
        state.frozenSince != HealthState.NEVER
            && facts.difference(state.anchor) <= settings.frozenDifference()
            && facts.largestDifference(state.anchor) <= MOVING_CELL * settings.frozenDifference();
    if (!stands) {
      state.frozenSince = position;
      state.anchor = facts.cells();
    }
  }

  private static boolean lasts(long since, long position, long atLeast) {
    return since != HealthState.NEVER && position - since >= atLeast;
  }

  private static Detection lasting(String label, long from, long to, Map<String, Object> values) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.put("fromMicros", from);
    all.put("seconds", Positions.seconds(to - from));
    return Detection.of(HealthPlugin.NAME, label, 100, null).withAttributes(all);
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
