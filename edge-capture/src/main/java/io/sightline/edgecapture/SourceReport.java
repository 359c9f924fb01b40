package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.picture.FrameSampler;
import io.sightline.media.picture.JpegSettings;
import io.sightline.media.picture.PictureTimecode;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.Sampling;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a source is and what Sightline would do with it, found out by reading some seconds of it.
 *
 * @param container what its packets come in: FFmpeg's name of it, or how a camera sends pictures
 * @param durationMicros of a file; -1 when unknown or endless
 * @param lookedAtMicros how much media was read
 * @param tracks all that it has
 * @param recorded indexes of those that would be recorded
 * @param encoded indexes of those among them that would be encoded for that
 * @param sampled index of the one that frames would be taken of; -1 when there is none
 * @param keyframesMicros longest time from one keyframe to the next; -1 when fewer than two came
 * @param picturesPerSecond measured; 0 when there are no pictures
 * @param reordered whether pictures are shown in another order than they come in (B-pictures)
 * @param timecode of its first picture, as container or pictures tell it; null when there is none
 * @param senderAheadMicros how far the sender's clock is ahead of this machine's (RTSP, once its
 *     sender reports have come); null when it tells none, and pictures are dated by their arrival
 * @param bitsPerSecond of each track by its index, measured
 * @param samplingCost processor time per second of media, by sampling policy, in seconds
 * @param encodingCost of the pictures, processor time per second of media, in seconds; 0 when they
 *     are not encoded
 * @param findings what is wrong with it or could be better, as sentences; empty when nothing is
 */
public record SourceReport(
    String url,
    boolean live,
    String container,
    long durationMicros,
    long lookedAtMicros,
    List<SourceTrack> tracks,
    List<Integer> recorded,
    List<Integer> encoded,
    int sampled,
    long keyframesMicros,
    double picturesPerSecond,
    boolean reordered,
    String timecode,
    Long senderAheadMicros,
    Map<Integer, Long> bitsPerSecond,
    Map<String, Double> samplingCost,
    double encodingCost,
    List<String> findings) {

  private static final int MAX_PACKETS = 20_000;
  private static final long MAX_BYTES = 256L << 20;
  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** Clips begin at keyframes or are encoded up to the next; live viewing begins at one. */
  private static final long LONG_GOP_MICROS = 4 * Positions.MICROS_PER_SECOND;

  /** Codecs of which every picture stands for itself. */
  private static final Set<String> PICTURE_BY_PICTURE = Set.of("mjpeg");

  private static final List<String> POLICIES = List.of("keyframes", "1/s", "4/s", "scene");

  /**
   * Opens a source, reads it for a while, and closes it. Blocks.
   *
   * @param url as declared for an input
   * @param directory against which a relative path is resolved
   * @param look how much media is read
   * @throws MediaException with a sentence, when it cannot be opened or gives nothing
   */
  public static SourceReport of(String url, Path directory, Duration look) throws MediaException {
    InputUrl input;
    try {
      input = InputUrl.parse(url, directory.toAbsolutePath());
    } catch (IllegalArgumentException e) {
      throw new MediaException(MediaException.Reason.UNSUPPORTED, e.getMessage(), e);
    }
    if (input.published()) {
      throw new MediaException(
          MediaException.Reason.UNSUPPORTED,
          "'rtmp-listen' is no source to look at, but a place that an encoder publishes to");
    }
    FolderLook folder = FolderLook.of(input);
    try (PacketSource source =
        folder == null
            ? PulledInput.look(input)
            : MediaSource.open(folder.first().toString(), SourceOptions.DEFAULTS)) {
      TrackChoice choice = TrackChoice.of(source.tracks(), true, true);
      choice.require(false, input.safeUrl());
      Reading reading = Reading.of(source, choice, look);
      List<String> findings = new ArrayList<>(reading.findings(choice));
      if (folder != null) {
        findings.addAll(folder.findings());
      }
      boolean encoded = choice.encoded().contains(choice.leading().index());
      if (choice.note() != null) {
        findings.add(choice.note() + (encoded ? "; record: false saves that." : "."));
      }
      return new SourceReport(
          input.safeUrl(),
          input.live(),
          source.container(),
          source.durationMicros(),
          reading.micros(),
          source.tracks(),
          choice.recorded().stream().map(SourceTrack::index).toList(),
          List.copyOf(choice.encoded()),
          choice.sampled() == null ? -1 : choice.sampled().index(),
          reading.keyframesMicros,
          reading.picturesPerSecond(),
          reading.reordered,
          reading.timecode(source, choice.sampled()),
          input.live() ? reading.senderAhead : null,
          reading.bitsPerSecond(),
          choice.sampled() == null ? Map.of() : reading.costs(choice.sampled()),
          encoded ? reading.encodingCost() : 0,
          List.copyOf(findings));
    }
  }

  /** Some seconds of a source, in memory. */
  private static final class Reading {

    private final SourceTrack leading;
    private final List<Packet> packets = new ArrayList<>();
    private final Map<Integer, Long> bytes = new TreeMap<>();
    private long firstMicros = Long.MAX_VALUE;
    private long lastMicros = Long.MIN_VALUE;
    private long lastDecoded = Long.MIN_VALUE;
    private long lastShown = Long.MIN_VALUE;
    private long lastKeyframe = Long.MIN_VALUE;
    private long keyframesMicros = -1;
    private long pictures;
    private boolean reordered;
    private boolean backwards;
    private long corrupt;
    private long leftOut;
    private String brokeOff;
    private Long senderAhead;

    private Reading(SourceTrack leading) {
      this.leading = leading;
    }

    static Reading of(PacketSource source, TrackChoice choice, Duration look)
        throws MediaException {
      Reading reading = new Reading(choice.leading());
      long total = 0;
      while (reading.packets.size() < MAX_PACKETS
          && total < MAX_BYTES
          && reading.micros() < look.toNanos() / 1_000) {
        Packet packet;
        try {
          packet = source.next();
        } catch (MediaException e) {
          if (reading.pictures == 0 && reading.bytes.isEmpty()) {
            throw e;
          }
          reading.brokeOff = e.getMessage();
          break;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
        if (packet == null) {
          break;
        }
        total += packet.size();
        reading.add(packet.copy());
      }
      reading.leftOut = source.damaged();
      return reading;
    }

    long micros() {
      return lastMicros < firstMicros ? 0 : lastMicros - firstMicros;
    }

    double picturesPerSecond() {
      return pictures < 2 || micros() == 0 ? 0 : (pictures - 1) * 1e6 / micros();
    }

    Map<Integer, Long> bitsPerSecond() {
      Map<Integer, Long> bits = new TreeMap<>();
      if (micros() > 0) {
        bytes.forEach((track, count) -> bits.put(track, count * 8_000_000 / micros()));
      }
      return bits;
    }

    List<String> findings(TrackChoice choice) {
      List<String> found = new ArrayList<>();
      if (brokeOff != null) {
        found.add("It broke off after " + seconds(micros()) + ": " + brokeOff);
      }
      if (backwards) {
        found.add("Its timestamps run backwards; each time, a new epoch begins.");
      }
      if (corrupt > 0) {
        found.add(corrupt + " packets are damaged or incomplete.");
      }
      if (leftOut > 0) {
        found.add(leftOut + " pictures arrived damaged and were left out.");
      }
      if (choice.sampled() == null) {
        found.add("It has no pictures: analyzers that look at pictures see nothing.");
      } else if (PICTURE_BY_PICTURE.contains(choice.sampled().codec())) {
        if (pictures < 2) {
          found.add("No second picture came within " + seconds(micros()) + ".");
        }
      } else if (keyframesMicros < 0) {
        found.add(
            "No second keyframe came within "
                + seconds(micros())
                + ": recording and live viewing begin late. Set the encoder to a keyframe every 2 s.");
      } else if (keyframesMicros > LONG_GOP_MICROS) {
        found.add(
            "Keyframes are up to "
                + seconds(keyframesMicros)
                + " apart: clips cost more and live viewing begins late. Set the encoder to one"
                + " every 2 s.");
      }
      return found;
    }

    String timecode(PacketSource source, SourceTrack sampled) throws MediaException {
      return source.timecode() != null || sampled == null
          ? source.timecode()
          : PictureTimecode.of(sampled, packets).orElse(null);
    }

    /** Processor seconds per second of media. */
    Map<String, Double> costs(SourceTrack track) throws MediaException {
      Map<String, Double> costs = new LinkedHashMap<>();
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      if (micros() == 0 || !threads.isCurrentThreadCpuTimeSupported()) {
        return costs;
      }
      // The first time much is loaded and compiled.
      sample(track, POLICIES.get(0));
      for (String policy : POLICIES) {
        long before = threads.getCurrentThreadCpuTime();
        sample(track, policy);
        costs.put(policy, (threads.getCurrentThreadCpuTime() - before) / 1e3 / micros());
      }
      return costs;
    }

    /** Processor seconds per second of media. */
    double encodingCost() throws MediaException {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      if (micros() == 0 || !threads.isCurrentThreadCpuTimeSupported()) {
        return 0;
      }
      long before = threads.getCurrentThreadCpuTime();
      try (TrackEncoder encoder = TrackEncoder.of(leading)) {
        for (Packet packet : packets) {
          encoder.accept(packet, encoded -> {});
        }
        encoder.finish(encoded -> {});
      }
      return (threads.getCurrentThreadCpuTime() - before) / 1e3 / micros();
    }

    private void sample(SourceTrack track, String policy) throws MediaException {
      try (FrameSampler sampler =
          new FrameSampler(track, Sampling.parse(policy), JpegSettings.DEFAULTS)) {
        for (Packet packet : packets) {
          sampler.accept(packet, frame -> {});
        }
        sampler.finish(frame -> {});
      }
    }

    private void add(Packet packet) {
      if (packet.senderMicros() != Packet.ABSENT) {
        senderAhead = packet.senderMicros() - CaptureClock.system().nowMicros();
      }
      bytes.merge(packet.track(), (long) packet.size(), Long::sum);
      corrupt += packet.corrupt() ? 1 : 0;
      if (packet.track() != leading.index()) {
        return;
      }
      packets.add(packet);
      long shown = packet.pts() == Packet.ABSENT ? packet.dts() : packet.pts();
      if (shown == Packet.ABSENT) {
        return;
      }
      long micros = Rational.rescale(shown, leading.timeBase(), MICROS);
      firstMicros = Math.min(firstMicros, micros);
      lastMicros = Math.max(lastMicros, micros);
      reordered |= micros < lastShown && leading.isVideo();
      lastShown = Math.max(lastShown, micros);
      if (packet.size() == 0) {
        // Only says that the source is there.
        return;
      }
      if (packet.dts() != Packet.ABSENT) {
        backwards |= packet.dts() < lastDecoded;
        lastDecoded = packet.dts();
      }
      if (leading.isVideo()) {
        pictures++;
        if (packet.keyframe()) {
          if (lastKeyframe != Long.MIN_VALUE) {
            keyframesMicros = Math.max(keyframesMicros, micros - lastKeyframe);
          }
          lastKeyframe = micros;
        }
      }
    }

    private static String seconds(long micros) {
      return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }
  }
}
