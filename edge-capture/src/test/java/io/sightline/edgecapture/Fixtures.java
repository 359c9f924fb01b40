package io.sightline.edgecapture;

import io.sightline.records.FrameInfo;
import io.sightline.records.InputSpec;
import io.sightline.records.PictureOptions;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Sampling;
import io.sightline.records.ScheduleTime;
import io.sightline.records.StreamAssignment;
import io.sightline.records.StreamSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Small things that several tests need. */
final class Fixtures {

  static final Timing QUICK =
      new Timing(
          Duration.ofMillis(300),
          Duration.ofMillis(200),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofMillis(50),
          Duration.ofSeconds(2));

  private Fixtures() {}

  static Profile profile() {
    return profile("visits", "5/s");
  }

  static Profile profile(String name, String sample) {
    return new Profile(
        name, Sampling.parse(sample), null, List.of(new PluginSpec("motion")), List.of());
  }

  static StreamAssignment assignment(String stream, Object... urls) {
    return assignment(stream, profile(), urls);
  }

  static StreamAssignment assignment(String stream, Profile profile, Object... urls) {
    List<InputSpec> inputs =
        Arrays.stream(urls)
            .map(url -> url instanceof InputSpec spec ? spec : InputSpec.of(url.toString()))
            .toList();
    return new StreamAssignment(
        new StreamSpec(stream, inputs, profile.name(), TestGateway.AGENT, null, null), profile, 1);
  }

  static StreamAssignment with(StreamAssignment assignment, PictureOptions pictures) {
    return with(assignment, pictures, List.of());
  }

  /** In the time zone of Zurich. */
  static StreamAssignment with(StreamAssignment assignment, ScheduleTime... schedule) {
    return with(assignment, null, List.of(schedule));
  }

  private static StreamAssignment with(
      StreamAssignment assignment, PictureOptions pictures, List<ScheduleTime> schedule) {
    StreamSpec stream = assignment.stream();
    return new StreamAssignment(
        new StreamSpec(
            stream.name(),
            stream.inputs(),
            stream.profile(),
            stream.agent(),
            stream.record(),
            stream.zones(),
            pictures,
            schedule,
            stream.keep()),
        assignment.profile(),
        assignment.revision() + 1,
        "Europe/Zurich");
  }

  /** A frame of made-up content that begins like a JPEG. */
  static Draft frame(EpochStart start, long number, int size) {
    byte[] picture = new byte[size];
    Arrays.fill(picture, (byte) number);
    picture[0] = (byte) 0xff;
    long position = start.startMicros() + number * 200_000;
    return new Draft(
        Draft.Kind.FRAME,
        position,
        picture,
        new FrameInfo(
            start.stream(),
            start.epoch(),
            start.run(),
            0,
            position,
            position,
            16,
            16,
            size,
            false));
  }
}
