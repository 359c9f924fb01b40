package io.sightline.clipper.mediaconvert.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.records.Rational;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Does what a job says, by the ffmpeg program. */
public final class Transcoder {

  private static final Pattern TIMECODE =
      Pattern.compile("(\\d\\d):(\\d\\d):(\\d\\d)([:;])(\\d\\d)");

  private final String bucketUrl;
  private final JobBucket bucket;
  private volatile int lost;
  private volatile boolean segmentLost;

  /**
   * @param bucketUrl that stands before the keys, ending with a slash
   * @param bucket where the keys are
   */
  public Transcoder(String bucketUrl, JobBucket bucket) {
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
      if (!url.startsWith(bucketUrl) || !bucket.has(key(url))) {
        return url;
      }
    }
    return null;
  }

  /** Playlists name one media segment more than there is from now on. */
  void loseLastSegment() {
    segmentLost = true;
  }

  /** Writes all outputs. */
  void run(JsonNode settings) {
    for (JsonNode group : settings.path("outputGroups")) {
      JsonNode own = group.path("outputGroupSettings");
      boolean hls = own.has("hlsGroupSettings");
      String destination =
          own.path(hls ? "hlsGroupSettings" : "fileGroupSettings").path("destination").asText();
      StringBuilder master = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:3\n");
      try {
        for (JsonNode output : group.path("outputs")) {
          Path target =
              bucket.write(
                  key(
                      destination
                          + output.path("nameModifier").asText()
                          + (hls ? ".m3u8" : ".mp4")));
          FfmpegProgram.make(arguments(settings, output, target, hls), in -> {});
          JsonNode video = output.path("videoDescription");
          master.append(
              String.format(
                  Locale.ROOT,
                  "#EXT-X-STREAM-INF:BANDWIDTH=%d%s%n%s%n",
                  video.at("/codecSettings/h264Settings/maxBitrate").asInt(),
                  video.has("width")
                      ? ",RESOLUTION=" + video.path("width") + "x" + video.path("height")
                      : "",
                  target.getFileName()));
          if (hls && segmentLost) {
            Path first = Path.of(target.toString().replace(".m3u8", "0.ts"));
            Files.delete(first);
          }
        }
        if (hls) {
          Files.writeString(bucket.write(key(destination + ".m3u8")), master);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    bucket.written();
  }

  private List<String> arguments(JsonNode settings, JsonNode output, Path target, boolean hls) {
    JsonNode h264 = output.at("/videoDescription/codecSettings/h264Settings");
    String rate = h264.path("framerateNumerator") + "/" + h264.path("framerateDenominator");
    int sounds = output.path("audioDescriptions").size();
    List<String> arguments = new ArrayList<>();
    StringBuilder filter = new StringBuilder();
    StringBuilder joined = new StringBuilder();
    int count = 0;
    for (JsonNode input : settings.path("inputs")) {
      Path file = bucket.read(key(input.path("fileInput").asText()));
      arguments.addAll(List.of("-i", file.toString()));
      JsonNode clipping = input.path("inputClippings").get(0);
      // Timecodes count the pictures of the file.
      Rational own = rate(file);
      long first = frame(clipping.path("startTimecode").asText(), own);
      // The picture of the end is in.
      long end = frame(clipping.path("endTimecode").asText(), own) + 1 - lost;
      filter.append(
          String.format(
              Locale.ROOT,
              "[%d:v:0]trim=start_frame=%d:end_frame=%d,setpts=PTS-STARTPTS,fps=%s%s[v%d];",
              count,
              first,
              end,
              rate,
              fitted(output.path("videoDescription")),
              count));
      joined.append("[v").append(count).append("]");
      for (int sound = 0; sound < sounds; sound++) {
        filter.append(
            String.format(
                Locale.ROOT,
                "[%d:a:%d]atrim=start=%f:end=%f,asetpts=PTS-STARTPTS[a%d-%d];",
                count,
                sound,
                first / own.toDouble(),
                end / own.toDouble(),
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
    arguments.addAll(List.of("-r", rate));
    arguments.addAll(
        hls
            ? List.of("-hls_time", "4", "-hls_list_size", "0")
            : List.of("-movflags", "+faststart"));
    arguments.add(target.toString());
    return arguments;
  }

  /** Between black bars where the shape is another. */
  private static String fitted(JsonNode video) {
    if (!video.has("width")) {
      return "";
    }
    String size = video.path("width") + ":" + video.path("height");
    return ",scale="
        + size
        + ":force_original_aspect_ratio=decrease,pad="
        + size
        + ":(ow-iw)/2:(oh-ih)/2,setsar=1";
  }

  private static Rational rate(Path file) {
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS)) {
      return source.tracks().stream()
          .filter(SourceTrack::isVideo)
          .findFirst()
          .orElseThrow()
          .frameRate();
    } catch (MediaException e) {
      throw new IllegalStateException(e);
    }
  }

  /** By the arithmetic of SMPTE ST 12-1, written down once more. */
  private static long frame(String timecode, Rational rate) {
    Matcher parts = TIMECODE.matcher(timecode);
    if (!parts.matches()) {
      throw new IllegalArgumentException(timecode);
    }
    long fps = Math.round(rate.toDouble());
    long minutes = Long.parseLong(parts.group(1)) * 60 + Long.parseLong(parts.group(2));
    long frame =
        (minutes * 60 + Long.parseLong(parts.group(3))) * fps + Long.parseLong(parts.group(5));
    return parts.group(4).equals(";") ? frame - fps / 15 * (minutes - minutes / 10) : frame;
  }

  private String key(String url) {
    return url.substring(bucketUrl.length());
  }
}
