package io.sightline.clipper.mediaconvert;

import io.sightline.storage.s3.S3Location;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.mediaconvert.model.AacCodingMode;
import software.amazon.awssdk.services.mediaconvert.model.AudioCodec;
import software.amazon.awssdk.services.mediaconvert.model.AudioDefaultSelection;
import software.amazon.awssdk.services.mediaconvert.model.AudioDescription;
import software.amazon.awssdk.services.mediaconvert.model.AudioSelector;
import software.amazon.awssdk.services.mediaconvert.model.AudioSelectorType;
import software.amazon.awssdk.services.mediaconvert.model.ContainerType;
import software.amazon.awssdk.services.mediaconvert.model.CreateJobRequest;
import software.amazon.awssdk.services.mediaconvert.model.H264FramerateControl;
import software.amazon.awssdk.services.mediaconvert.model.H264GopSizeUnits;
import software.amazon.awssdk.services.mediaconvert.model.H264RateControlMode;
import software.amazon.awssdk.services.mediaconvert.model.HlsDirectoryStructure;
import software.amazon.awssdk.services.mediaconvert.model.HlsSegmentControl;
import software.amazon.awssdk.services.mediaconvert.model.Input;
import software.amazon.awssdk.services.mediaconvert.model.InputClipping;
import software.amazon.awssdk.services.mediaconvert.model.InputTimecodeSource;
import software.amazon.awssdk.services.mediaconvert.model.Mp4MoovPlacement;
import software.amazon.awssdk.services.mediaconvert.model.Output;
import software.amazon.awssdk.services.mediaconvert.model.OutputGroup;
import software.amazon.awssdk.services.mediaconvert.model.OutputGroupType;
import software.amazon.awssdk.services.mediaconvert.model.ScalingBehavior;
import software.amazon.awssdk.services.mediaconvert.model.TimecodeSource;
import software.amazon.awssdk.services.mediaconvert.model.VideoCodec;
import software.amazon.awssdk.services.mediaconvert.model.VideoDescription;

/** Writes what is asked of MediaConvert: one job of a clip or a replay, or of a part of it. */
final class JobRequests {

  private static final int HLS_SECONDS = 4;
  private static final double GOP_SECONDS = 2;
  private static final int LEAST_BITRATE = 400_000;
  private static final int SOUND_BITRATE = 128_000;
  private static final int SOUND_RATE = 48_000;
  private static final String SOUND = "Audio Selector ";

  private final MediaConvertSettings settings;
  private final S3Location place;

  JobRequests(MediaConvertSettings settings) {
    this.settings = settings;
    this.place = settings.place();
  }

  /** The request that makes one part. */
  CreateJobRequest create(JobOrder order, Submission submission, int part) {
    Map<String, String> metadata = new TreeMap<>(settings.metadata());
    metadata.putAll(order.metadata(part));
    int sounds = order.whole() ? Math.min(1, submission.sounds()) : submission.sounds();
    return CreateJobRequest.builder()
        .clientRequestToken(token(order.id(), part))
        .role(settings.role())
        .queue(settings.queue())
        .tags(settings.tags().isEmpty() ? null : settings.tags())
        .userMetadata(metadata)
        .settings(
            job ->
                job.timecodeConfig(timecode -> timecode.source(TimecodeSource.ZEROBASED))
                    .inputs(
                        submission.part(part).stream()
                            .map(input -> input(order.folder(), input, sounds))
                            .toList())
                    .outputGroups(groups(order, submission, part, sounds)))
        .build();
  }

  private List<OutputGroup> groups(JobOrder order, Submission submission, int part, int sounds) {
    boolean one = submission.parts() == 1;
    List<OutputGroup> groups = new ArrayList<>();
    String mp4 = place.url(order.folder() + order.output(submission, part));
    PictureSize size = submission.size();
    if (order.whole()) {
      groups.add(mp4(mp4, video(submission, size), sounds));
      String hls = place.url(order.folder() + HlsFiles.destination(submission, part));
      groups.add(
          hls(
              hls,
              size.ladder(settings.ladder()).stream()
                  .map(rung -> variant("_" + rung.name(), video(submission, rung), sounds))
                  .toList()));
      return groups;
    }
    groups.add(mp4(mp4, video(submission, null), sounds));
    if (settings.hls()) {
      String hls = place.url(order.folder() + (one ? "hls" : "hls-" + part) + "/index");
      groups.add(hls(hls, List.of(variant("_video", video(submission, null), sounds))));
    }
    return groups;
  }

  /**
   * The same for the same id, such as that of a clip, which names its segment's revision: 64
   * characters, as many as there may be.
   */
  static String token(String id, int part) {
    try {
      byte[] text = (id + "#" + part).getBytes(StandardCharsets.US_ASCII);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private Input input(String folder, JobInput input, int sounds) {
    Map<String, AudioSelector> selectors = new LinkedHashMap<>();
    for (int track = 1; track <= sounds; track++) {
      selectors.put(
          SOUND + track,
          AudioSelector.builder()
              .selectorType(AudioSelectorType.TRACK)
              .tracks(track)
              .defaultSelection(
                  track == 1 ? AudioDefaultSelection.DEFAULT : AudioDefaultSelection.NOT_DEFAULT)
              .build());
    }
    return Input.builder()
        .fileInput(place.url(folder + input.name()))
        .timecodeSource(InputTimecodeSource.ZEROBASED)
        .inputClippings(
            InputClipping.builder()
                .startTimecode(input.startTimecode())
                .endTimecode(input.endTimecode())
                .build())
        .videoSelector(video -> {})
        .audioSelectors(selectors.isEmpty() ? null : selectors)
        .build();
  }

  private static OutputGroup mp4(String destination, VideoDescription video, int sounds) {
    return OutputGroup.builder()
        .name("MP4")
        .outputGroupSettings(
            group ->
                group
                    .type(OutputGroupType.FILE_GROUP_SETTINGS)
                    .fileGroupSettings(file -> file.destination(destination)))
        .outputs(
            Output.builder()
                .containerSettings(
                    container ->
                        container
                            .container(ContainerType.MP4)
                            .mp4Settings(
                                mp4 -> mp4.moovPlacement(Mp4MoovPlacement.PROGRESSIVE_DOWNLOAD)))
                .videoDescription(video)
                .audioDescriptions(sounds(sounds))
                .build())
        .build();
  }

  private static OutputGroup hls(String destination, List<Output> variants) {
    return OutputGroup.builder()
        .name("HLS")
        .outputGroupSettings(
            group ->
                group
                    .type(OutputGroupType.HLS_GROUP_SETTINGS)
                    .hlsGroupSettings(
                        hls ->
                            hls.destination(destination)
                                .segmentLength(HLS_SECONDS)
                                .minSegmentLength(0)
                                .segmentControl(HlsSegmentControl.SEGMENTED_FILES)
                                .directoryStructure(HlsDirectoryStructure.SINGLE_DIRECTORY)))
        .outputs(variants)
        .build();
  }

  private static Output variant(String modifier, VideoDescription video, int sounds) {
    return Output.builder()
        .nameModifier(modifier)
        .containerSettings(container -> container.container(ContainerType.M3_U8))
        .videoDescription(video)
        // Beside pictures, a transport stream of HLS has one sound.
        .audioDescriptions(sounds(Math.min(1, sounds)))
        .build();
  }

  /**
   * @param size into which pictures are fitted, between black bars where their shape is another;
   *     null as they are
   */
  private VideoDescription video(Submission submission, PictureSize size) {
    return VideoDescription.builder()
        .width(size == null ? null : size.width())
        .height(size == null ? null : size.height())
        .scalingBehavior(size == null ? null : ScalingBehavior.DEFAULT)
        .codecSettings(
            codec ->
                codec
                    .codec(VideoCodec.H_264)
                    .h264Settings(
                        h264 ->
                            h264.rateControlMode(H264RateControlMode.QVBR)
                                .maxBitrate(bound(submission.size(), size))
                                .qualityTuningLevel(settings.quality().level())
                                // Said rather than guessed, so that not a picture is made or lost.
                                .framerateControl(H264FramerateControl.SPECIFIED)
                                .framerateNumerator((int) submission.rate().numerator())
                                .framerateDenominator((int) submission.rate().denominator())
                                .gopSize(GOP_SECONDS)
                                .gopSizeUnits(H264GopSizeUnits.SECONDS)
                                .gopClosedCadence(1)))
        .build();
  }

  /** Smaller pictures need fewer bits, else players had nothing to choose. */
  private int bound(PictureSize whole, PictureSize size) {
    if (size == null || size.equals(whole)) {
      return settings.maxBitrate();
    }
    long share = settings.maxBitrate() * size.pixels() / whole.pixels();
    return (int) Math.min(settings.maxBitrate(), Math.max(LEAST_BITRATE, share));
  }

  private static List<AudioDescription> sounds(int count) {
    List<AudioDescription> sounds = new ArrayList<>();
    for (int track = 1; track <= count; track++) {
      sounds.add(
          AudioDescription.builder()
              .audioSourceName(SOUND + track)
              .codecSettings(
                  codec ->
                      codec
                          .codec(AudioCodec.AAC)
                          .aacSettings(
                              aac ->
                                  aac.bitrate(SOUND_BITRATE)
                                      .codingMode(AacCodingMode.CODING_MODE_2_0)
                                      .sampleRate(SOUND_RATE)))
              .build());
    }
    return sounds;
  }
}
