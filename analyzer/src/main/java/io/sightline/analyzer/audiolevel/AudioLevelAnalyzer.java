package io.sightline.analyzer.audiolevel;

import io.sightline.analyzer.loudness.Measured;
import io.sightline.analyzer.loudness.TrackMeters;
import io.sightline.records.Detection;
import io.sightline.records.Positions;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.Sound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reports the level of every track of every chunk, silences that last, and pauses. */
final class AudioLevelAnalyzer implements Analyzer {

  /** This loud is a confidence of 0; 0 LUFS is 100. */
  private static final double QUIETEST_LUFS = -70;

  private final AudioLevelSettings settings;
  private final TrackMeters meters;

  AudioLevelAnalyzer(AudioLevelSettings settings) {
    this.settings = settings;
    this.meters = new TrackMeters(settings.silenceLufs(), settings.pauses());
  }

  @Override
  public boolean inOrder() {
    return true;
  }

  @Override
  public boolean looks() {
    return false;
  }

  @Override
  public boolean listens() {
    return true;
  }

  @Override
  public List<Detection> listen(Sound sound) throws AnalysisException {
    Measured measured = meters.measure(sound);
    List<Detection> detections = new ArrayList<>();
    detections.add(level(sound, measured));
    for (Measured.Silence silence : measured.silences()) {
      if (silence.lengthMicros() >= settings.silentMicros()) {
        detections.add(quiet("silence", sound, silence));
      }
    }
    measured.pauses().forEach(pause -> detections.add(quiet("pause", sound, pause)));
    return detections;
  }

  @Override
  public byte[] state() {
    return meters.state();
  }

  @Override
  public void restore(byte[] state) {
    meters.restore(state);
  }

  private static Detection level(Sound sound, Measured measured) {
    double share = 1 - measured.loudnessLufs() / QUIETEST_LUFS;
    return new Detection(
        AudioLevelPlugin.NAME,
        "audio-level",
        100 * Math.max(0, Math.min(1, share)),
        null,
        measured.endMicros(),
        sound.audioTrack(),
        null,
        null,
        Map.of(
            "loudnessLufs", measured.loudnessLufs(),
            "momentaryLufs", measured.momentaryLufs(),
            "peakDbfs", measured.peakDbfs(),
            "truePeakDbtp", measured.truePeakDbtp()));
  }

  private static Detection quiet(String label, Sound sound, Measured.Silence silence) {
    return new Detection(
        AudioLevelPlugin.NAME,
        label,
        100,
        null,
        silence.toMicros(),
        sound.audioTrack(),
        null,
        null,
        Map.of(
            "fromMicros", silence.fromMicros(),
            "seconds", Positions.seconds(silence.lengthMicros())));
  }
}
