package io.sightline.clipper.mediaconvert;

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
import software.amazon.awssdk.services.mediaconvert.model.TimecodeSource;
import software.amazon.awssdk.services.mediaconvert.model.VideoCodec;
import software.amazon.awssdk.services.mediaconvert.model.VideoDescription;

/** Writes what is asked of MediaConvert: one job of a clip, or of a part of it. */
final class JobRequests {

  /** In the user metadata of each job. */
  static final String CLIP = "sightline-clip";

  static final String PART = "sightline-part";

  private static final int HLS_SECONDS = 4;
  private static final double GOP_SECONDS = 2;
  private static final int SOUND_BITRATE = 128_000;
  private static final int SOUND_RATE = 48_000;
  private static final String SOUND = "Audio Selector ";

  private final MediaConvertSettings settings;
  private final S3Place place;

  JobRequests(MediaConvertSettings settings) {
    this.settings = settings;
    this.place = settings.place();
  }

  /**
   * The request that makes one part of a clip.
   *
   * @param folder key of the clip's folder, ending with a slash
   */
  CreateJobRequest create(String clip, String folder, Submission submission, int part) {
    List<OutputGroup> groups = new ArrayList<>();
    groups.add(mp4(place.url(folder + outputName(submission, part)), submission));
    if (settings.hls()) {
      String name = submission.parts() == 1 ? "hls/index" : "hls-" + part + "/index";
      groups.add(hls(place.url(folder + name), submission));
    }
    Map<String, String> metadata = new TreeMap<>(settings.metadata());
    metadata.put(CLIP, clip);
    metadata.put(PART, Integer.toString(part));
    return CreateJobRequest.builder()
        .clientRequestToken(token(clip, part))
        .role(settings.role())
        .queue(settings.queue())
        .tags(settings.tags().isEmpty() ? null : settings.tags())
        .userMetadata(metadata)
        .settings(
            job ->
                job.timecodeConfig(timecode -> timecode.source(TimecodeSource.ZEROBASED))
                    .inputs(
                        submission.part(part).stream()
                            .map(input -> input(folder, input, submission.sounds()))
                            .toList())
                    .outputGroups(groups))
        .build();
  }

  /** Of the MP4 of a part, without its extension. */
  static String outputName(Submission submission, int part) {
    return submission.parts() == 1 ? "clip" : "part-" + part;
  }

  /**
   * The same for the same clip, whose id names its segment's revision: 64 characters, as many as
   * there may be.
   */
  static String token(String clip, int part) {
    try {
      byte[] text = (clip + "#" + part).getBytes(StandardCharsets.US_ASCII);
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

  private OutputGroup mp4(String destination, Submission submission) {
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
                .videoDescription(video(submission))
                .audioDescriptions(sounds(submission.sounds()))
                .build())
        .build();
  }

  private OutputGroup hls(String destination, Submission submission) {
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
        .outputs(
            Output.builder()
                .nameModifier("_video")
                .containerSettings(container -> container.container(ContainerType.M3_U8))
                .videoDescription(video(submission))
                // Beside pictures, a transport stream of HLS has one sound.
                .audioDescriptions(sounds(Math.min(1, submission.sounds())))
                .build())
        .build();
  }

  private VideoDescription video(Submission submission) {
    return VideoDescription.builder()
        .codecSettings(
            codec ->
                codec
                    .codec(VideoCodec.H_264)
                    .h264Settings(
                        h264 ->
                            h264.rateControlMode(H264RateControlMode.QVBR)
                                .maxBitrate(settings.maxBitrate())
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
