package io.sightline.launcher.export;

import io.sightline.ingestgateway.timelines.ClipFiles;
import io.sightline.ingestgateway.timelines.SegmentSelection;
import io.sightline.ingestgateway.timelines.TimelineRecords;
import io.sightline.launcher.RequestException;
import io.sightline.media.MediaException;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.cut.Reel;
import io.sightline.media.timeline.Timeline;
import io.sightline.media.timeline.TimelineBundle;
import io.sightline.media.timeline.TimelineException;
import io.sightline.media.timeline.TimelineFile;
import io.sightline.media.timeline.TimelineFormat;
import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.Segment;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the results of a run as files, wherever those go. For one export; blocking. */
final class ResultContents {

  private static final Logger LOG = LoggerFactory.getLogger(ResultContents.class);
  private static final long TIMEOUT_SECONDS = 600;
  private static final int COPY_BYTES = 4_000_000;
  private static final String RENDITIONS = "renditions/";

  private final ObjectStore objects;
  private final RunResults results;
  private final TimelineRecords timelines;
  private final ResultFiles files;
  private final long zero;

  /** Paths of the clips that are written, by id. */
  private final Map<String, String> clipPaths = new HashMap<>();

  ResultContents(ObjectStore objects, RecordStore records, RunResults results, ResultFiles files)
      throws TimeoutException {
    this.objects = objects;
    this.results = results;
    this.timelines = new TimelineRecords(records, objects);
    this.files = files;
    this.zero = results.epochs().stream().findFirst().map(epoch -> epoch.startMicros()).orElse(0L);
  }

  /** {@code clips/}, {@code segments.json}. */
  void writeSegments() throws IOException, TimeoutException {
    Map<String, Clip> clips = results.clips();
    Map<String, Map<Integer, Clip>> optimized = results.optimizedClips();
    List<SegmentsFile.Entry> entries = new ArrayList<>();
    for (Segment segment : results.segments()) {
      Clip clip = clips.get(segment.id());
      String name = String.format("%03d-%s", entries.size() + 1, Ids.nameFrom(segment.label()));
      Map<Integer, String> paths = new HashMap<>();
      for (Map.Entry<Integer, Clip> one :
          optimized.getOrDefault(segment.id(), Map.of()).entrySet()) {
        paths.put(one.getKey(), writeClip(one.getValue(), name + "-track" + one.getKey()));
      }
      entries.add(SegmentsFile.entry(segment, zero, writeClip(clip, name), paths));
    }
    write("segments.json", SegmentsFile.bytes(entries));
  }

  /**
   * {@code clips/}: one clip and its picture.
   *
   * @param clip null for none
   * @return its path; null when there is none that is ready
   */
  private String writeClip(Clip clip, String name) throws IOException, TimeoutException {
    if (clip == null || clip.state() != MediaState.READY || clip.mp4Key() == null) {
      return null;
    }
    String path = "clips/" + name + ".mp4";
    copy(clip.mp4Key(), path);
    clipPaths.put(clip.id(), path);
    if (clip.thumbnailKey() != null) {
      copy(clip.thumbnailKey(), "clips/" + name + ".jpg");
    }
    writeRenditions(clip, name);
    return path;
  }

  /** {@code renditions/{rendition}/}: the clip under the same name. */
  private void writeRenditions(Clip clip, String name) throws IOException, TimeoutException {
    for (Rendition one : results.renditions(clip).values()) {
      if (one.mp4Key() != null) {
        copy(one.mp4Key(), RENDITIONS + one.name() + "/" + name + ".mp4");
      }
    }
  }

  /** The replay in those that all its clips have. */
  private void writeRenditions(Replay replay, List<ReplayItem> reel)
      throws IOException, TimeoutException, MediaException {
    Map<String, List<ClipIndex>> byName = new TreeMap<>();
    for (ReplayItem item : reel) {
      Optional<Clip> clip = results.clip(item.clip());
      if (clip.isPresent()) {
        for (Rendition one : results.renditions(clip.get()).values()) {
          if (one.indexKey() != null) {
            byName
                .computeIfAbsent(one.name(), name -> new ArrayList<>())
                .add(replay.played(index(one)));
          }
        }
      }
    }
    for (Map.Entry<String, List<ClipIndex>> one : byName.entrySet()) {
      if (one.getValue().size() == reel.size()) {
        try (OutputStream out = files.create(RENDITIONS + one.getKey() + "/replay.mp4")) {
          Mp4File.write(
              Reel.join(one.getKey(), one.getValue()),
              (key, offset, length) -> StoredBytes.read(objects, key, offset, length),
              out);
        }
      }
    }
  }

  private ClipIndex index(Rendition one) throws IOException {
    return Json.decode(StoredBytes.read(objects, one.indexKey(), 0, -1), ClipIndex.class);
  }

  /** {@code alerts.json}. */
  void writeAlerts() throws IOException, TimeoutException {
    List<Map<String, Object>> alerts = new ArrayList<>();
    for (Alert alert : results.alerts()) {
      alerts.add(
          Map.of(
              "rule", alert.rule(),
              "label", alert.label(),
              "confidence", alert.confidence(),
              "start", SegmentsFile.seconds(alert.positionMicros() - zero),
              "lastSeen", SegmentsFile.seconds(alert.lastSeenMicros() - zero)));
    }
    write("alerts.json", Json.encode(Map.of("alerts", alerts)));
  }

  /** {@code replay.mp4}, {@code replay.json}, and clips that only the replay shows. */
  void writeReplay(Replay replay) throws IOException, TimeoutException, MediaException {
    if (replay.mp4Key() != null) {
      copy(replay.mp4Key(), "replay.mp4");
    }
    List<ReplayItem> reel = results.reel(replay);
    if (reel.isEmpty()) {
      return;
    }
    writeRenditions(replay, reel);
    List<Map<String, Object>> parts = new ArrayList<>();
    for (ReplayItem item : reel) {
      parts.add(
          Map.of(
              "segment", item.segment(),
              "label", item.label(),
              "at", SegmentsFile.seconds(item.offsetMicros()),
              "duration", SegmentsFile.seconds(item.durationMicros()),
              "start", SegmentsFile.seconds(item.startMicros() - zero)));
      Optional<Clip> other =
          clipPaths.containsKey(item.clip()) ? Optional.empty() : results.clip(item.clip());
      if (other.isPresent() && other.get().mp4Key() != null) {
        String path = "clips/" + item.clip() + ".mp4";
        copy(other.get().mp4Key(), path);
        clipPaths.put(item.clip(), path);
      }
    }
    write(
        "replay.json",
        Json.encode(
            Map.of(
                "title", replay.title(),
                "duration", SegmentsFile.seconds(replay.durationMicros()),
                "segments", parts)));
  }

  /**
   * The timelines, which name the clips that were written before.
   *
   * @throws RequestException when one that was asked for cannot be made
   */
  void writeTimelines(Optional<Replay> replay, TimelineOrder order)
      throws IOException, TimeoutException, RequestException {
    ClipFiles clips = this::clipFile;
    if (replay.isPresent()) {
      write("replay", timelines.ofReplay(replay.get(), order.options(), clips), order);
    }
    if (order.segments()) {
      SegmentSelection all = new SegmentSelection(results.stream(), results.run(), 0, null, null);
      write("segments", timelines.ofSegments(all, order.options(), clips), order);
    }
  }

  private ClipFiles.File clipFile(Clip clip) {
    String path = clipPaths.get(clip.id());
    return path == null
        ? new ClipFiles.File(clip.id() + ".mp4", null)
        : new ClipFiles.File(path.substring(path.lastIndexOf('/') + 1), files.url(path));
  }

  private void write(String name, Future<Timeline> making, TimelineOrder order)
      throws IOException, TimeoutException, RequestException {
    try {
      Timeline timeline = made(making);
      for (TimelineFormat format : order.formats()) {
        write(name, timeline, format, order);
      }
    } catch (TimelineException e) {
      leaveOut(name, e, order);
    }
  }

  private void write(String name, Timeline timeline, TimelineFormat format, TimelineOrder order)
      throws IOException, RequestException {
    try {
      for (TimelineFile file : format.write(timeline, name)) {
        write(TimelineBundle.TIMELINES + file.name(), file.content());
      }
    } catch (TimelineException e) {
      leaveOut(name + " as " + format.id(), e, order);
    }
  }

  private static void leaveOut(String what, TimelineException e, TimelineOrder order)
      throws RequestException {
    if (order.asked()) {
      throw new RequestException(e.getMessage().replaceFirst("\\.$", ""), e);
    }
    LOG.info("No timeline of {}: {}", what, e.getMessage());
  }

  private static Timeline made(Future<Timeline> making) throws TimelineException, TimeoutException {
    return making.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private void write(String path, byte[] content) throws IOException {
    try (OutputStream out = files.create(path)) {
      out.write(content);
    }
  }

  private void copy(String key, String path) throws IOException, TimeoutException {
    Optional<Path> stored = objects.file(key);
    try (OutputStream out = files.create(path)) {
      if (stored.isPresent()) {
        Files.copy(stored.get(), out);
        return;
      }
      long size = objects.head(key).await(TIMEOUT_SECONDS, TimeUnit.SECONDS).sizeBytes();
      for (long offset = 0; offset < size; offset += COPY_BYTES) {
        out.write(StoredBytes.read(objects, key, offset, Math.min(COPY_BYTES, size - offset)));
      }
    }
  }
}
