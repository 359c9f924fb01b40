package io.sightline.clipper.mediaconvert.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What MediaConvert's API reference says a request to create a job has to look like. */
public final class RequestRules {

  public static final Pattern TIMECODE =
      Pattern.compile(
          "([01][0-9]|2[0-4]):[0-5][0-9]:[0-5][0-9][:;][0-9]{2}(@[0-9]+(\\.[0-9]+)?(:[0-9]+)?)?");
  private static final Pattern S3 = Pattern.compile("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+");
  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+");

  /** The keys of each object that are sent here; others would be spelt wrong. */
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "request",
          Set.of("clientRequestToken", "role", "queue", "tags", "userMetadata", "settings"),
          "settings",
          Set.of("timecodeConfig", "inputs", "outputGroups"),
          "input",
          Set.of(
              "fileInput", "timecodeSource", "inputClippings", "videoSelector", "audioSelectors"),
          "audioSelector",
          Set.of("selectorType", "tracks", "defaultSelection"),
          "outputGroup",
          Set.of("name", "outputGroupSettings", "outputs"),
          "output",
          Set.of("nameModifier", "containerSettings", "videoDescription", "audioDescriptions"),
          "videoDescription",
          Set.of("width", "height", "scalingBehavior", "codecSettings"),
          "h264Settings",
          Set.of(
              "rateControlMode",
              "maxBitrate",
              "qualityTuningLevel",
              "framerateControl",
              "framerateNumerator",
              "framerateDenominator",
              "gopSize",
              "gopSizeUnits",
              "gopClosedCadence"));

  private final List<String> breaches = new ArrayList<>();

  private RequestRules() {}

  /** What is wrong, in words; empty when nothing is. */
  public static List<String> breaches(JsonNode request) {
    RequestRules rules = new RequestRules();
    rules.request(request);
    return rules.breaches;
  }

  private void request(JsonNode request) {
    keys("request", request);
    String token = request.path("clientRequestToken").asText();
    require(token.matches("\\p{ASCII}{1,64}"), "clientRequestToken '" + token + "'");
    require(ROLE.matcher(request.path("role").asText()).matches(), "role is no role's ARN");
    request.path("tags").forEach(tag -> require(tag.asText().length() <= 256, "long tag"));
    request.path("userMetadata").forEach(one -> require(one.isTextual(), "userMetadata"));
    JsonNode settings = request.path("settings");
    keys("settings", settings);
    oneOf(settings.path("timecodeConfig"), "source", "EMBEDDED", "ZEROBASED", "SPECIFIEDSTART");
    int inputs = settings.path("inputs").size();
    require(inputs >= 1 && inputs <= 150, inputs + " inputs; 1 to 150 are allowed");
    settings.path("inputs").forEach(this::input);
    require(settings.path("outputGroups").size() >= 1, "no outputGroups");
    Set<String> sounds = new TreeSet<>();
    settings.at("/inputs/0/audioSelectors").fieldNames().forEachRemaining(sounds::add);
    settings.path("outputGroups").forEach(group -> outputGroup(group, sounds));
  }

  private void input(JsonNode input) {
    keys("input", input);
    require(S3.matcher(input.path("fileInput").asText()).matches(), "fileInput is no S3 URL");
    oneOf(input, "timecodeSource", "EMBEDDED", "ZEROBASED", "SPECIFIEDSTART");
    require(input.path("inputClippings").size() <= 250, "too many inputClippings");
    for (JsonNode clipping : input.path("inputClippings")) {
      String start = clipping.path("startTimecode").asText();
      String end = clipping.path("endTimecode").asText();
      require(TIMECODE.matcher(start).matches(), "startTimecode '" + start + "'");
      require(TIMECODE.matcher(end).matches(), "endTimecode '" + end + "'");
      require(end.compareTo(start) >= 0, "endTimecode " + end + " before " + start);
    }
    for (JsonNode selector : input.path("audioSelectors")) {
      keys("audioSelector", selector);
      oneOf(selector, "selectorType", "PID", "TRACK", "LANGUAGE_CODE", "STREAM");
      oneOf(selector, "defaultSelection", "DEFAULT", "NOT_DEFAULT");
      selector
          .path("tracks")
          .forEach(track -> require(track.isInt() && track.asInt() >= 1, "audio track " + track));
    }
  }

  private void outputGroup(JsonNode group, Set<String> sounds) {
    keys("outputGroup", group);
    JsonNode settings = group.path("outputGroupSettings");
    oneOf(settings, "type", "FILE_GROUP_SETTINGS", "HLS_GROUP_SETTINGS");
    boolean hls = settings.path("type").asText().equals("HLS_GROUP_SETTINGS");
    JsonNode own = settings.path(hls ? "hlsGroupSettings" : "fileGroupSettings");
    require(S3.matcher(own.path("destination").asText()).matches(), "destination is no S3 URL");
    if (hls) {
      require(own.path("segmentLength").asInt() >= 1, "segmentLength is required");
      require(own.has("minSegmentLength"), "minSegmentLength is required");
      oneOf(own, "segmentControl", "SINGLE_FILE", "SEGMENTED_FILES");
      oneOf(own, "directoryStructure", "SINGLE_DIRECTORY", "SUBDIRECTORY_PER_STREAM");
    }
    require(group.path("outputs").size() >= 1, "no outputs");
    List<String> modifiers = group.path("outputs").findValuesAsText("nameModifier");
    require(new TreeSet<>(modifiers).size() == modifiers.size(), "nameModifiers are not unique");
    for (JsonNode output : group.path("outputs")) {
      keys("output", output);
      require(!hls || !output.path("nameModifier").asText().isEmpty(), "nameModifier is required");
      oneOf(output.path("containerSettings"), "container", hls ? "M3U8" : "MP4");
      size(output.path("videoDescription"));
      video(output.at("/videoDescription/codecSettings"));
      for (JsonNode sound : output.path("audioDescriptions")) {
        require(sounds.contains(sound.path("audioSourceName").asText()), "unknown audioSourceName");
        JsonNode aac = sound.at("/codecSettings/aacSettings");
        oneOf(sound.path("codecSettings"), "codec", "AAC");
        require(Set.of(44_100, 48_000).contains(aac.path("sampleRate").asInt()), "sampleRate");
        oneOf(aac, "codingMode", "CODING_MODE_1_0", "CODING_MODE_2_0", "CODING_MODE_5_1");
        int bitrate = aac.path("bitrate").asInt();
        require(bitrate >= 6_000 && bitrate <= 1_024_000, "AAC bitrate");
      }
    }
  }

  private void size(JsonNode video) {
    keys("videoDescription", video);
    require(video.has("width") == video.has("height"), "width and height belong together");
    for (String side : List.of("width", "height")) {
      int pixels = video.path(side).asInt(32);
      require(pixels >= 32 && pixels <= 8_192 && pixels % 2 == 0, side + " " + pixels);
    }
    if (video.has("scalingBehavior")) {
      oneOf(video, "scalingBehavior", "DEFAULT", "STRETCH_TO_OUTPUT", "FIT", "FILL");
    }
  }

  private void video(JsonNode codec) {
    oneOf(codec, "codec", "H_264");
    JsonNode h264 = codec.path("h264Settings");
    keys("h264Settings", h264);
    oneOf(h264, "rateControlMode", "VBR", "CBR", "QVBR");
    int bitrate = h264.path("maxBitrate").asInt();
    require(bitrate >= 1_000 && bitrate <= 1_152_000_000, "QVBR needs maxBitrate");
    oneOf(h264, "qualityTuningLevel", "SINGLE_PASS", "SINGLE_PASS_HQ", "MULTI_PASS_HQ");
    oneOf(h264, "framerateControl", "INITIALIZE_FROM_SOURCE", "SPECIFIED");
    require(h264.path("framerateNumerator").asInt() >= 1, "SPECIFIED needs framerateNumerator");
    require(h264.path("framerateDenominator").asInt() >= 1, "SPECIFIED needs framerateDenominator");
    oneOf(h264, "gopSizeUnits", "FRAMES", "SECONDS", "AUTO");
  }

  private void keys(String kind, JsonNode object) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> require(KEYS.get(kind).contains(name), kind + " has an unknown key " + name));
  }

  private void oneOf(JsonNode object, String key, String... values) {
    String value = object.path(key).asText();
    require(Set.of(values).contains(value), key + " '" + value + "' is none of its values");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      breaches.add(otherwise);
    }
  }
}
