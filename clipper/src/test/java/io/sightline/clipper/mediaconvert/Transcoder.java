package io.sightline.clipper.mediaconvert;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.media.testing.FfmpegProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Does what a job says, by the ffmpeg program; the bucket is a folder. */
final class Transcoder {

  private static final Pattern TIMECODE =
      Pattern.compile("(\\d\\d):(\\d\\d):(\\d\\d)([:;])(\\d\\d)");

  private final String bucketUrl;
  private final Path bucket;
  private volatile int lost;

  /**
   * @param bucketUrl that stands before the keys, ending with a slash
   * @param bucket the folder that holds the keys as files
   */
  Transcoder(String bucketUrl, Path bucket) {
    this.bucketUrl = bucketUrl;
    this.bucket = bucket;
  }

  /** Outputs have so many pictures too few from now on. */
  void lose(int pictures) {
    lost = pictures;
  }

  /** An input that is not there; null when all are. */
  String missing(JsonNode settings) {
    for (JsonNode input : settings.path("inputs")) {
      String url = input.path("fileInput").asText();
      if (!url.startsWith(bucketUrl) || !Files.isRegularFile(file(url))) {
        return url;
      }
    }
    return null;
  }

  /** Writes all outputs. */
  void run(JsonNode settings) {
    for (JsonNode group : settings.path("outputGroups")) {
      JsonNode own = group.path("outputGroupSettings");
      boolean hls = own.has("hlsGroupSettings");
      String destination =
          own.path(hls ? "hlsGroupSettings" : "fileGroupSettings").path("destination").asText();
      JsonNode output = group.path("outputs").get(0);
      Path target =
          file(destination + output.path("nameModifier").asText() + (hls ? ".m3u8" : ".mp4"));
      try {
        Files.createDirectories(target.getParent());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      FfmpegProgram.make(arguments(settings, output, target, hls), in -> {});
    }
  }

  private List<String> arguments(JsonNode settings, JsonNode output, Path target, boolean hls) {
    JsonNode h264 = output.at("/videoDescription/codecSettings/h264Settings");
    int numerator = h264.path("framerateNumerator").asInt();
    int denominator = h264.path("framerateDenominator").asInt();
    int sounds = output.path("audioDescriptions").size();
    List<String> arguments = new ArrayList<>();
    StringBuilder filter = new StringBuilder();
    StringBuilder joined = new StringBuilder();
    int count = 0;
    for (JsonNode input : settings.path("inputs")) {
      arguments.addAll(List.of("-i", file(input.path("fileInput").asText()).toString()));
      JsonNode clipping = input.path("inputClippings").get(0);
      long first = frame(clipping.path("startTimecode").asText(), numerator, denominator);
      // The picture of the end is in.
      long end = frame(clipping.path("endTimecode").asText(), numerator, denominator) + 1 - lost;
      filter.append(
          String.format(
              Locale.ROOT,
              "[%d:v:0]trim=start_frame=%d:end_frame=%d,setpts=PTS-STARTPTS[v%d];",
              count,
              first,
              end,
              count));
      joined.append("[v").append(count).append("]");
      for (int sound = 0; sound < sounds; sound++) {
        filter.append(
            String.format(
                Locale.ROOT,
                "[%d:a:%d]atrim=start=%f:end=%f,asetpts=PTS-STARTPTS[a%d-%d];",
                count,
                sound,
                first * (double) denominator / numerator,
                end * (double) denominator / numerator,
                count,
                sound));
        joined.append("[a").append(count).append('-').append(sound).append("]");
      }
      count++;
    }
    filter.append(joined).append("concat=n=" + count + ":v=1:a=" + sounds + "[v]");
    for (int sound = 0; sound < sounds; sound++) {
      filter.append("[s" + sound + "]");
    }
    arguments.addAll(List.of("-filter_complex", filter.toString(), "-map", "[v]"));
    for (int sound = 0; sound < sounds; sound++) {
      arguments.addAll(List.of("-map", "[s" + sound + "]"));
    }
    arguments.addAll(List.of("-c:v", "libopenh264", "-b:v", "2M", "-g", "25", "-c:a", "aac"));
    arguments.addAll(List.of("-r", numerator + "/" + denominator));
    arguments.addAll(
        hls
            ? List.of("-hls_time", "4", "-hls_list_size", "0")
            : List.of("-movflags", "+faststart"));
    arguments.add(target.toString());
    return arguments;
  }

  /** By the arithmetic of SMPTE ST 12-1, written down once more. */
  private static long frame(String timecode, int numerator, int denominator) {
    Matcher parts = TIMECODE.matcher(timecode);
    if (!parts.matches()) {
      throw new IllegalArgumentException(timecode);
    }
    long fps = Math.round(numerator / (double) denominator);
    long minutes = Long.parseLong(parts.group(1)) * 60 + Long.parseLong(parts.group(2));
    long frame =
        (minutes * 60 + Long.parseLong(parts.group(3))) * fps + Long.parseLong(parts.group(5));
    return parts.group(4).equals(";") ? frame - fps / 15 * (minutes - minutes / 10) : frame;
  }

  private Path file(String url) {
    return bucket.resolve(url.substring(bucketUrl.length()));
  }
}
