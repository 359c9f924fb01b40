package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.InputSpec;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a source comes from, and so which protocols and which demuxers FFmpeg may use for it, for
 * what it opens on its way too: a playlist from the network never opens a file, a file never opens
 * the network, and a description that can name anything (concat, SDP) is opened for neither.
 */
enum SourceKind {
  FILE("file", Formats.CONTAINERS),
  RTSP("rtsp,rtp,srtp,tcp,tls,udp,crypto", "rtsp"),
  RTMP("rtmp,rtmps,rtmpt,rtmpts,ffrtmphttp,tcp,tls,http,https", "flv,live_flv"),
  HTTP("http,https,tcp,tls,httpproxy,crypto", "hls,mpjpeg," + Formats.CONTAINERS),
  SRT("srt", "mpegts"),
  UDP("udp", "mpegts"),
  TCP("tcp", "mpegts,flv,live_flv,matroska,webm,mjpeg"),
  DEVICE("none", Devices.FORMAT),
  MEMORY("none", "mov,mp4,m4a,3gp");

  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):.*");
  private static final Map<String, SourceKind> SCHEMES =
      Map.ofEntries(
          Map.entry("file", FILE),
          Map.entry("rtsp", RTSP),
          Map.entry("rtsps", RTSP),
          Map.entry("rtmp", RTMP),
          Map.entry("rtmps", RTMP),
          Map.entry("rtmpt", RTMP),
          Map.entry("http", HTTP),
          Map.entry("https", HTTP),
          Map.entry("srt", SRT),
          Map.entry("udp", UDP),
          Map.entry("tcp", TCP),
          Map.entry("device", DEVICE));

  private final String protocols;
  private final String formats;

  SourceKind(String protocols, String formats) {
    this.protocols = protocols;
    this.formats = formats;
  }

  /** The kind of a URL, or of a path without a scheme. */
  static SourceKind of(String url) throws MediaException {
    Matcher matcher = SCHEME.matcher(url);
    if (!matcher.matches()) {
      return FILE;
    }
    SourceKind kind = SCHEMES.get(matcher.group(1).toLowerCase(Locale.ROOT));
    if (kind == null) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "Sources of the kind '"
              + matcher.group(1)
              + ":' are not supported; files, device, rtsp, rtmp, http(s), srt, udp and tcp are: "
              + InputSpec.safe(url));
    }
    return kind;
  }

  /** The path behind a file URL or a plain path. */
  static Path path(String url) throws MediaException {
    try {
      if (url.regionMatches(true, 0, "file://", 0, 7)) {
        return Path.of(URI.create(url));
      }
      return Path.of(url.regionMatches(true, 0, "file:", 0, 5) ? url.substring(5) : url);
    } catch (IllegalArgumentException e) {
      throw new MediaException(Reason.NOT_FOUND, "'" + url + "' is no path of a file", e);
    }
  }

  /** Names of protocols, separated by commas. */
  String protocols() {
    return protocols;
  }

  /** Names of demuxers, separated by commas. */
  String formats() {
    return formats;
  }

  boolean isFile() {
    return this == FILE;
  }

  /** What names no other source. */
  private static final class Formats {
    static final String CONTAINERS =
        "mov,mp4,m4a,3gp,matroska,webm,mpegts,mpeg,avi,flv,live_flv,mxf,ogg,asf,ivf,mjpeg,"
            + "h264,hevc,m4v,mpegvideo,wav,mp3,aac,ac3,eac3,flac";
  }
}
