package io.sightline.media.source;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A local camera as it is declared: {@code device:/dev/video0?size=1280x720&rate=30&format=mjpeg}.
 * What is not said, the camera chooses.
 *
 * @param path of the device, below {@code /dev}
 * @param settings FFmpeg's options of its demuxer
 */
public record DeviceAddress(String path, Map<String, String> settings) {

  private static final Pattern PATH = Pattern.compile("/dev(/[A-Za-z0-9_:+-][A-Za-z0-9_.:+-]*)+");
  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{1,3})x([1-9][0-9]{1,3})");
  private static final Pattern RATE =
      Pattern.compile("([1-9][0-9]{0,2})|([1-9][0-9]{3,5})/(100[01])");
  private static final int MAX_RATE = 240;
  private static final Set<String> FORMATS = Set.of("mjpeg", "h264", "yuyv422", "nv12", "yuv420p");
  private static final String KIND = "device:";

  /**
   * @throws IllegalArgumentException with a sentence, when it is no such URL
   */
  public static DeviceAddress parse(String url) {
    String rest = url.regionMatches(true, 0, KIND, 0, KIND.length()) ? url.substring(7) : url;
    int question = rest.indexOf('?');
    String path = question < 0 ? rest : rest.substring(0, question);
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "'" + path + "' is no device; a camera is named like device:/dev/video0");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    String[] options = question < 0 ? new String[0] : rest.substring(question + 1).split("&", -1);
    for (String option : options) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      String setting =
          switch (name) {
            case "size" -> size(value);
            case "rate" -> rate(value);
            case "format" -> format(value);
            default ->
                throw new IllegalArgumentException(
                    "The device '"
                        + path
                        + "' has the unknown option '"
                        + name
                        + "'; a device takes size=1280x720, rate=30 and format=mjpeg");
          };
      if (settings.put(setting, value) != null) {
        throw new IllegalArgumentException(
            "The device '" + path + "' has the option '" + name + "' twice");
      }
    }
    return new DeviceAddress(path, settings);
  }

  private static String size(String value) {
    Matcher size = SIZE.matcher(value);
    if (!size.matches()
        || Integer.parseInt(size.group(1)) > SourceTrack.MAX_DIMENSION
        || Integer.parseInt(size.group(2)) > SourceTrack.MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "The size of a device is width x height of up to "
              + SourceTrack.MAX_DIMENSION
              + " pixels, such as 1280x720, not '"
              + value
              + "'");
    }
    return "video_size";
  }

  private static String rate(String value) {
    Matcher rate = RATE.matcher(value);
    boolean right = rate.matches();
    if (right) {
      int pictures =
          rate.group(1) != null
              ? Integer.parseInt(rate.group(1))
              : Integer.parseInt(rate.group(2)) / Integer.parseInt(rate.group(3));
      right = pictures >= 1 && pictures <= MAX_RATE;
    }
    if (!right) {
      throw new IllegalArgumentException(
          "The rate of a device is 1 to "
              + MAX_RATE
              + " pictures a second, such as 30 or 30000/1001, not '"
              + value
              + "'");
    }
    return "framerate";
  }

  private static String format(String value) {
    if (!FORMATS.contains(value)) {
      throw new IllegalArgumentException(
          "The format of a device is one of "
              + String.join(", ", FORMATS.stream().sorted().toList())
              + ", not '"
              + value
              + "'");
    }
    return "input_format";
  }
}
