package io.sightline.records;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One record of each kind, or several where they differ much, by the name of their golden file. */
final class Samples {

  static final long NOON = 1_795_176_000_000_000L; // 2026-11-20T12:00:00Z
  static final String EPOCH = "1795176000000000-local";
  static final String SEGMENT = "lobby.live.presence.1795176006020000";
  static final String CLIP = SEGMENT + ".original.a0.r2.source";

  private Samples() {}

  static Map<String, Object> all() {
    Map<String, Object> samples = new LinkedHashMap<>();
    samples.put("alert-raised", alertRaised());
    samples.put("alert-cleared", alertCleared());
    samples.put("audio-detections", audioDetections());
    samples.putAll(OptimizedSamples.all());
    samples.putAll(ReelSamples.all());
    samples.put("box", new Box(0.1, 0.2, 0.30001, 0.4));
    samples.put(
        "capture-report",
        new CaptureReport(
            "lobby",
            "local",
            CaptureState.RECONNECTING,
            CaptureHop.SOURCE,
            "10.0.0.7 refuses the user or the password",
            "track 2 (a data track) is left out",
            EPOCH,
            NOON + 12_000_000,
            NOON + 11_000_000,
            3,
            48,
            6,
            5_000_000,
            2,
            1,
            NOON + 15_000_000));
    samples.put("capture-report-backup", captureReportBackup());
    samples.put("input-in-use", inputInUse());
    samples.put("backup-spec", backupSpec());
    samples.put("chunk-info", chunkInfo());
    samples.put("clip-ready", clipReady());
    samples.put("clip-failed", clipFailed());
    samples.put("clip-index", clipIndex());
    samples.put("detection", detection());
    samples.put("detection-sound", soundDetection());
    samples.put("epoch-axis", new EpochAxis(NOON, 900_000, new Rational(1, 90_000)));
    samples.put(
        "epoch-info-open",
        new EpochInfo("lobby", EPOCH, "live", "local", NOON, null, 3, 41, false, null, 0));
    samples.put(
        "epoch-info-ended",
        new EpochInfo(
            "lobby",
            EPOCH,
            "live",
            "local",
            NOON,
            NOON + 90_000_000,
            3,
            99,
            true,
            "eof",
            1_500_000));
    samples.put(
        "epoch-info-backup",
        new EpochInfo(
            "lobby",
            EPOCH,
            "live",
            "local",
            NOON,
            null,
            3,
            41,
            false,
            null,
            0,
            "backup 1 (rtsp://10.0.0.8/main)",
            "nothing came from the main input for 5 s"));
    samples.put("evidence", evidence());
    samples.put("fragment", new Fragment(1, NOON, 90_000, 180_180, 0, 250_000, true));
    samples.put("frame-detections", frameDetections());
    samples.put("frame-detections-failed", frameDetectionsFailed());
    samples.put("frame-info", frameInfo());
    samples.put(
        "init-part",
        new InitPart(
            "lobby", EPOCH, "live", 1, NOON, 1, Ids.initKey("lobby", EPOCH, 1, "ba7816bf8f01")));
    samples.put("input-spec", new InputSpec("rtmp-listen", Set.of(InputUse.RECORD), "court-key"));
    samples.put(
        "input-spec-backup",
        new InputSpec(
            "rtsp://u:p@10.0.0.7/sub",
            Set.of(InputUse.ANALYZE),
            null,
            null,
            List.of(backupSpec()),
            "3s",
            "30s",
            "-120ms"));
    samples.put("keep", new Keep("30d", "200GB", "365d"));
    samples.put(
        "input-spec-snapshot",
        new InputSpec("http://10.0.0.8/snap.jpg", Set.of(InputUse.ANALYZE), null, "500ms"));
    samples.put(
        "marker-epoch-begin",
        Marker.begin("lobby", EPOCH, "live", 0, NOON, profile()).on(Lane.FRAMES));
    samples.put(
        "marker-epoch-begin-backup",
        Marker.begin(
            "lobby",
            EPOCH,
            "live",
            0,
            NOON,
            profile(),
            "nothing came from the main input for 5 s",
            "backup 1 (rtsp://10.0.0.8/main)"));
    samples.put(
        "marker-epoch-end",
        Marker.end("lobby", EPOCH, "live", 99, NOON + 90_000_000, "eof", 1_500_000));
    samples.put("picture-options", pictureOptions());
    samples.put("pin", new Pin(CLIP, "live", NOON, NOON + 6_000_000, NOON + 9));
    samples.put("point", new Point(0.1, 0.25));
    samples.put("profile", profile());
    samples.put("rational", new Rational(30_000, 1_001));
    samples.put("recorded-block", recordedBlock());
    samples.put("recording-ledger", recordingLedger());
    samples.put(
        "rendition",
        new Rendition(
            CLIP.replace(".source", ".vertical"),
            CLIP,
            "vertical",
            "lobby",
            "live",
            MediaState.READY,
            1_080,
            1_920,
            "clips/vertical/index.json",
            "clips/vertical/clip.mp4",
            null,
            1,
            "is encoded by libopenh264"));
    samples.put("rendition-request", new RenditionRequest(CLIP, "lobby", "ana", NOON + 62_500_000));
    samples.put(
        "rendition-spec",
        new RenditionSpec(
            "vertical",
            1_080,
            RenditionSpec.Aspect.VERTICAL,
            RenditionSpec.Fit.COVER,
            true,
            -16.0));
    samples.put(
        "replay-job-request",
        new ReplayJobRequest(
            "1763726450000000-9f2c", 3, ReplayJobRequest.Kind.MAKE, "ana", NOON + 62_500_000));
    samples.put("job-estimate", jobEstimate());
    samples.put("replay-job", replayJob());
    samples.put("replay", replay());
    samples.put("replay-item-included", replayItemIncluded());
    samples.put("replay-item-left-out", replayItemLeftOut());
    samples.put("replay-joined", replayJoined());
    samples.put("replay-request-create", replayRequest());
    samples.put(
        "replay-request-cancel",
        new ReplayRequest(
            "best-of", ReplayRequest.Kind.CANCEL, null, null, false, "ana", NOON + 3, 2));
    samples.put("replay-request-rules", replayRequestWithRules());
    samples.put("replay-request-transitions", replayRequestWithTransitions());
    samples.put("transitions", transitions());
    samples.put("transitions-picture", fadeIntoPicture());
    samples.put("reel-part-order-fades", reelPartOrder());
    samples.put(
        "reel-part-order-file",
        new ReelPartOrder(
            "inserts/1a2b/index.json", "clips/c/index.json", null, null, "inserts/1a.mp4"));
    samples.put("reel-part", reelPart());
    samples.put("reel-part-failed", ReelPart.failed("it cannot be decoded"));
    samples.put("replay-rules-all", ReplayRules.ALL);
    samples.put("replay-rules-duration", replayRequestWithRules().rules());
    samples.put(
        "replay-rules-timestamps",
        new ReplayRules(
            ReplayRules.Mode.TIMESTAMPS,
            null,
            null,
            List.of(new ReplayRules.Stretch("lobby", NOON + 5_000_000, NOON + 9_500_000)),
            false,
            false,
            null));
    samples.put("reel-fill", reelFill());
    samples.put("reel-decisions", reelDecisions());
    samples.put("sampling-keyframes", Sampling.ALL_KEYFRAMES);
    samples.put("sampling-rate", Sampling.parse("0.5/s"));
    samples.put("sampling-every", Sampling.parse("every 10 frames"));
    samples.put("sampling-scene", Sampling.parse("scene 0.3"));
    samples.put("schedule-time", scheduleTime());
    samples.put("segment-open", segmentOpen());
    samples.put("segment-edited", segmentEdited());
    samples.put(
        "segment-edit-trim",
        new SegmentEdit(
            "e-1", "lobby", SEGMENT, SegmentEdit.Kind.TRIM, NOON, null, null, "ana", NOON + 5));
    samples.put(
        "segment-edit-relabel",
        new SegmentEdit(
            "e-2", "lobby", SEGMENT, SegmentEdit.Kind.RELABEL, null, null, "goal", "ana", NOON));
    samples.put(
        "segment-edit-feedback",
        new SegmentEdit(
            "e-3",
            "lobby",
            SEGMENT,
            SegmentEdit.Kind.FEEDBACK,
            null,
            null,
            null,
            "ana",
            NOON + 6,
            Vote.LIKE,
            "what a save",
            null));
    samples.put(
        "segment-edit-keep",
        new SegmentEdit(
            "e-4",
            "lobby",
            SEGMENT,
            SegmentEdit.Kind.KEEP,
            null,
            null,
            null,
            "ana",
            NOON + 7,
            null,
            null,
            true));
    samples.put(
        "published",
        new Published(
            "1763700000000000-abc",
            2,
            7,
            true,
            3,
            "https://video.example/1763700000000000-abc/master.m3u8",
            "https://video.example/1763700000000000-abc/2/replay.mp4",
            null,
            List.of(1, 2),
            NOON + 63_000_000,
            null,
            List.of()));
    samples.put(
        "published-renditions",
        new Published(
            "1763700000000000-abc",
            2,
            7,
            false,
            3,
            "https://video.example/1763700000000000-abc/master.m3u8",
            null,
            null,
            List.of(2),
            NOON + 63_000_000,
            null,
            List.of(
                new Published.Copy(
                    "vertical",
                    2,
                    7,
                    1_080,
                    1_920,
                    "https://video.example/1763700000000000-abc/master-vertical.m3u8",
                    null))));
    samples.put("media-progress", new MediaProgress(CLIP, "cutting", 42, NOON + 61_500_000));
    samples.put("kept", new Kept(SEGMENT, "lobby", "ana", NOON + 61_500_000));
    samples.put("clip-use", new ClipUse(CLIP, "1763700000000000-abc", NOON + 62_000_000));
    samples.put(
        "feedback",
        new Feedback(SEGMENT, "lobby", "ana", Vote.DISLIKE, "blurred", NOON + 61_000_000));
    samples.put("segment-match", SegmentMatch.label("goal", "save"));
    samples.put(
        "stage-progress",
        new StageProgress("analyzer", "lobby", "live", EPOCH, NOON, false, 450, NOON + 7));
    samples.put(
        "stage-progress-segmenter",
        new StageProgress(
            "segmenter", "lobby", "live", EPOCH, NOON, false, 450, NOON + 7, NOON - 3_000_000));
    samples.put(
        "stream-assignment", new StreamAssignment(streamSpec(), profile(), 7, "Europe/Zurich"));
    samples.put("stream-spec", streamSpec());
    samples.put("timecode", Timecode.of(107_892, new Rational(30_000, 1_001)));
    samples.put("track-info-video", videoTrack());
    samples.put("track-info-audio", audioTrack());
    samples.put("watch-rule", watchRule());
    samples.put("zone", zone());
    return samples;
  }

  private static BackupSpec backupSpec() {
    return new BackupSpec("http://10.0.0.8/snap.jpg", null, "500ms", "80ms");
  }

  private static InputInUse inputInUse() {
    return new InputInUse(
        Set.of(InputUse.ANALYZE),
        1,
        "rtsp://10.0.0.8/sub",
        "nothing came from the main input for 5 s",
        -120_000L,
        InputInUse.OffsetFrom.SENDER_CLOCK);
  }

  private static CaptureReport captureReportBackup() {
    return new CaptureReport(
        "lobby",
        "local",
        CaptureState.CONNECTED,
        null,
        "Of the main input: 10.0.0.7 cannot be reached",
        null,
        EPOCH,
        NOON + 12_000_000,
        NOON + 11_000_000,
        3,
        48,
        6,
        5_000_000,
        2,
        1,
        NOON + 15_000_000,
        List.of(inputInUse()),
        2);
  }

  static FrameInfo frameInfo() {
    return new FrameInfo(
        "lobby", EPOCH, "live", 5, NOON, NOON + 40_000, 360, 640, 21_034, true, 90);
  }

  static ChunkInfo chunkInfo() {
    return new ChunkInfo(
        "lobby",
        EPOCH,
        "live",
        7,
        NOON,
        2_002_000,
        NOON + 2_050_000,
        Ids.chunkKey("lobby", EPOCH, 7),
        300_000,
        List.of(videoTrack(), audioTrack()),
        List.of(
            new Fragment(1, NOON, 90_000, 180_180, 0, 250_000, true),
            new Fragment(2, NOON + 1_333, 48_064, 96_256, 250_000, 50_000, true)));
  }

  static Detection detection() {
    return new Detection(
        "onnx",
        "person",
        87.25,
        new Box(0.1, 0.2, 0.3, 0.4),
        null,
        null,
        "s-12",
        List.of("door"),
        Map.of("age", 31.5, "helmet", false, "count", 0, "colour", "red"));
  }

  static WatchRule watchRule() {
    return new WatchRule(
        "door",
        Set.of("person", "Dog", "bag"),
        50,
        Set.of("yard", "lobby"),
        Set.of("hall", "door"),
        10_000,
        List.of("guard", "log"));
  }

  private static Detection soundDetection() {
    return new Detection(
        "audio-level", "silence", 100, null, NOON + 2_002_000, 1, null, null, Map.of("rms", -91.5));
  }

  private static AudioDetections audioDetections() {
    return new AudioDetections(
        "lobby",
        EPOCH,
        "live",
        7,
        NOON,
        2_002_000,
        NOON + 2_050_000,
        List.of(soundDetection()),
        null,
        false);
  }

  private static FrameDetections frameDetections() {
    return new FrameDetections(
        "lobby",
        EPOCH,
        "live",
        5,
        NOON,
        NOON + 40_000,
        640,
        360,
        List.of(detection()),
        Ids.frameKey("lobby", NOON),
        null,
        false);
  }

  private static FrameDetections frameDetectionsFailed() {
    return new FrameDetections(
        "lobby",
        EPOCH,
        "live",
        6,
        NOON + 200_000,
        NOON + 240_000,
        640,
        360,
        List.of(),
        null,
        "The JPEG cannot be decoded",
        true,
        90);
  }

  private static Alert alertRaised() {
    return new Alert(
        "lobby.door.1795176000000000",
        "door",
        "lobby",
        "live",
        "person",
        87.25,
        Alert.State.RAISED,
        NOON,
        NOON,
        new Box(0.1, 0.2, 0.3, 0.4),
        List.of("door"),
        Ids.frameKey("lobby", NOON),
        null,
        NOON + 90_000,
        1);
  }

  private static Alert alertCleared() {
    return new Alert(
        "lobby.door.1795176000000000",
        "door",
        "lobby",
        "live",
        "silence",
        100,
        Alert.State.CLEARED,
        NOON,
        NOON + 13_000_000,
        null,
        List.of(),
        null,
        CLIP,
        NOON + 90_000,
        3);
  }

  private static TrackInfo videoTrack() {
    return new TrackInfo(
        1,
        TrackInfo.Kind.VIDEO,
        "avc1.64001f",
        Ids.initKey("lobby", EPOCH, 1, "ba7816bf8f01"),
        90_000,
        6_006,
        1280,
        720,
        new Rational(30_000, 1_001),
        0,
        0,
        null);
  }

  private static TrackInfo audioTrack() {
    return new TrackInfo(
        2,
        TrackInfo.Kind.AUDIO,
        "mp4a.40.2",
        Ids.initKey("lobby", EPOCH, 2, "cb8379ac2098"),
        48_000,
        0,
        0,
        0,
        null,
        48_000,
        2,
        "de");
  }

  private static Clip clipReady() {
    return new Clip(
        CLIP,
        SEGMENT,
        "lobby",
        "live",
        "person",
        ClipVariant.ORIGINAL,
        0,
        "source",
        2,
        MediaState.READY,
        NOON + 6_020_000,
        NOON + 19_710_000,
        NOON + 6_006_000,
        NOON + 19_710_000,
        12_704_000,
        "keyframe",
        "Begins 14 ms early, at the keyframe before",
        List.of(new Clip.Gap(NOON + 8_000_000, NOON + 9_000_000)),
        "clips/" + CLIP + "/index.json",
        "clips/" + CLIP + "/clip.mp4",
        "clips/" + CLIP + "/thumbnail.jpg",
        null,
        NOON + 20_500_000,
        2);
  }

  private static Clip clipFailed() {
    return new Clip(
        SEGMENT + ".optimized.a1.r1.source",
        SEGMENT,
        "lobby",
        "live",
        "person",
        ClipVariant.OPTIMIZED,
        1,
        "source",
        1,
        MediaState.FAILED,
        NOON,
        NOON + 1,
        0,
        0,
        0,
        "frame",
        null,
        List.of(),
        null,
        null,
        null,
        "Nothing was recorded there",
        null,
        1);
  }

  private static ClipIndex clipIndex() {
    String key = Ids.chunkKey("lobby", EPOCH, 7);
    return new ClipIndex(
        CLIP,
        List.of(videoTrack(), audioTrack()),
        66_733,
        List.of(
            new ClipIndex.Piece(1, key, 0, 250_000, NOON, 90_000, 0, 180_180, true),
            new ClipIndex.Piece(
                2, key, 250_000, 50_000, NOON + 1_333, 48_064, 64, 96_256, true, 1)));
  }

  static Evidence evidence() {
    return new Evidence(
        List.of(new Evidence.Sighting(NOON + 6_020_000, "onnx", "person", 87.25)),
        List.of(new Evidence.Sighting(NOON + 19_710_000, "onnx", "person", 51)),
        "nothing seen for 1 s");
  }

  static Profile profile() {
    return new Profile(
        "visits",
        Sampling.perSecond(5),
        KeepFrames.DETECTIONS,
        List.of(
            new PluginSpec("onnx", Map.of("model", "yolox-nano", "minConfidence", 50)),
            new PluginSpec("health")),
        List.of(
            new PluginSpec(
                "presence", Map.of("labels", List.of("person", "dog"), "openAfter", "200ms"))));
  }

  private static Segment segmentOpen() {
    return new Segment(
        SEGMENT,
        "lobby",
        "live",
        "presence",
        EPOCH,
        NOON + 6_020_000,
        null,
        "person",
        null,
        Map.of("peak", 87.25),
        new Evidence(evidence().opened(), null, null),
        false,
        1,
        1);
  }

  private static Segment segmentEdited() {
    return new Segment(
        SEGMENT,
        "lobby",
        "live",
        "presence",
        EPOCH,
        NOON + 6_020_000,
        NOON + 19_710_000,
        "person",
        new Segment.Edit(null, NOON + 18_000_000, "goal", "ana", NOON + 60_000_000, "e-2", null),
        Map.of("peak", 87.25, "count", 0, "crowd", false),
        evidence(),
        false,
        2,
        4);
  }

  static ReplayRequest replayRequest() {
    return new ReplayRequest(
        "best-of",
        ReplayRequest.Kind.CREATE,
        "The best of today",
        new ReplayRequest.Selection(
            List.of("lobby", "yard"), null, NOON, NOON + 90_000_000, List.of("person")),
        true,
        "ana",
        NOON + 1,
        1);
  }

  private static ReplayRequest replayRequestWithRules() {
    SegmentCondition where =
        new SegmentCondition.And(
            List.of(
                SegmentMatch.between(SegmentMatch.What.DURATION_SECONDS, null, 1.5, null),
                new SegmentCondition.Not(SegmentMatch.label("replay")),
                new SegmentMatch(
                    SegmentMatch.What.TIME,
                    null,
                    null,
                    null,
                    null,
                    null,
                    NOON,
                    NOON + 90_000_000)));
    return new ReplayRequest(
        "best-of",
        ReplayRequest.Kind.CHANGE,
        "The best of today",
        replayRequest().selection(),
        true,
        "ana",
        NOON + 2,
        2,
        new ReplayRules(
            ReplayRules.Mode.DURATION, where, reelFill(), null, true, true, reelDecisions()));
  }

  private static ReelFill reelFill() {
    return new ReelFill(
        60_000_000,
        5_000_000L,
        List.of(
            new ReelFill.Weight(SegmentMatch.label("goal"), 80, null),
            new ReelFill.Weight(
                new SegmentCondition.Or(
                    List.of(
                        SegmentMatch.feature("crowd"),
                        SegmentMatch.is(SegmentMatch.What.FEEDBACK, "liked"),
                        new SegmentMatch(
                            SegmentMatch.What.TEXT,
                            null,
                            null,
                            List.of("penalty"),
                            null,
                            null,
                            null,
                            null))),
                30,
                "observations")),
        false,
        true,
        true,
        ReelFill.Ties.LONGER);
  }

  private static ReelDecisions reelDecisions() {
    return new ReelDecisions(
        List.of(SEGMENT),
        List.of("lobby.live.presence.1700000099000000"),
        List.of(SEGMENT),
        List.of(new ReelDecisions.Trim(SEGMENT, NOON + 7_000_000, NOON + 12_000_000)));
  }

  private static ReplayRequest replayRequestWithTransitions() {
    ReplayRequest plain = replayRequest();
    return new ReplayRequest(
        plain.replay(),
        ReplayRequest.Kind.CHANGE,
        plain.title(),
        plain.selection(),
        true,
        "ana",
        NOON + 2,
        2,
        null,
        true,
        null,
        transitions());
  }

  private static Transitions transitions() {
    return new Transitions(
        new Transitions.Fade(500, 250, "#102030", null), "sting", "opener", "closer");
  }

  private static Transitions fadeIntoPicture() {
    return new Transitions(new Transitions.Fade(500, null, null, "crest"), null, null, null);
  }

  private static ReelPartOrder reelPartOrder() {
    return new ReelPartOrder(
        "clips/c/faded-1a2b.json",
        "clips/c/index.json",
        new ReelPartOrder.Fade(250_000, 0x102030, null),
        new ReelPartOrder.Fade(500_000, 0, "inserts/3c.png"),
        null);
  }

  private static ReelPart reelPart() {
    ClipIndex.Piece piece =
        new ClipIndex.Piece(
            1, "clips/c/in-1a-1-0.mp4", 0, 25_000, NOON, 0, 0, 45_000, true, null, true);
    ClipIndex index = new ClipIndex("c", List.of(), 0, List.of(piece));
    return new ReelPart(index, index, index, "a fade is shortened to 0.40 s, half of it", null);
  }

  private static JobEstimate jobEstimate() {
    return new JobEstimate(
        "USD",
        new BigDecimal("0.0459"),
        "2025-11-01",
        91_800_000,
        List.of(
            new JobEstimate.Output("mp4", 1920, 1080, new BigDecimal("0.0230")),
            new JobEstimate.Output("1080p", 1920, 1080, new BigDecimal("0.0229"))));
  }

  private static ReplayJob replayJob() {
    return new ReplayJob(
        "1763726450000000-9f2c",
        3,
        List.of("lobby"),
        MediaState.READY,
        NOON + 62_500_000,
        "ana",
        null,
        100,
        jobEstimate(),
        List.of("1763726462500-abcdef"),
        "replays/1763726450000000-9f2c/3/job.1763726462500000/hls/index.m3u8",
        "replays/1763726450000000-9f2c/3/job.1763726462500000/replay.mp4",
        "s3://my-video/sightline/replays/1763726450000000-9f2c/3/job.1763726462500000/",
        null,
        7);
  }

  private static Replay replay() {
    return new Replay(
        "best-of",
        "The best of today",
        replayRequest().selection(),
        MediaState.READY,
        2,
        6,
        78_500_000,
        true,
        true,
        "replays/best-of/2/index.json",
        "replays/best-of/2/replay.mp4",
        NOON + 2,
        1,
        null,
        9);
  }

  private static Replay replayJoined() {
    Replay plain = replay();
    return new Replay(
        plain.id(),
        plain.title(),
        plain.selection(),
        plain.state(),
        plain.version(),
        plain.segments(),
        plain.durationMicros(),
        plain.complete(),
        plain.mp4(),
        plain.indexKey(),
        plain.mp4Key(),
        plain.createdMicros(),
        plain.requestRevision(),
        plain.error(),
        plain.revision(),
        true,
        null,
        "1a2b3c4d");
  }

  private static ReplayItem replayItemIncluded() {
    return new ReplayItem(
        "best-of",
        2,
        "lobby",
        SEGMENT,
        CLIP,
        "person",
        0,
        NOON + 6_020_000,
        12_704_000,
        0,
        true,
        "in the time window, with the label 'person'");
  }

  private static ReplayItem replayItemLeftOut() {
    return new ReplayItem(
        "best-of", 2, "lobby", SEGMENT, null, "dog", -1, NOON, 0, 0, false, "another label");
  }

  private static Zone zone() {
    return new Zone("door", List.of(new Point(0.1, 0.2), new Point(0.4, 0.2), new Point(0.4, 1)));
  }

  private static StreamSpec streamSpec() {
    return new StreamSpec(
        "lobby",
        List.of(
            new InputSpec("rtsp://u:p@10.0.0.7/main", Set.of(InputUse.RECORD), null),
            new InputSpec("rtsp://u:p@10.0.0.7/sub", Set.of(InputUse.ANALYZE), null)),
        "visits",
        "edge-1",
        true,
        List.of(zone()),
        pictureOptions(),
        List.of(scheduleTime()),
        new Keep("30d", "200GB", "365d"));
  }

  private static ScheduleTime scheduleTime() {
    return new ScheduleTime(List.of("mon-fri"), "08:00", "18:00");
  }

  private static PictureOptions pictureOptions() {
    return new PictureOptions(
        90, 1_280, 75, List.of(List.of(new Point(0, 0), new Point(0.3, 0), new Point(0.3, 0.25))));
  }

  private static RecordedBlock recordedBlock() {
    return new RecordedBlock(
        "live",
        EPOCH,
        2,
        90,
        NOON,
        NOON + 118_000_000,
        NOON + 120_000_000,
        NOON + 4_000_000,
        NOON + 122_000_000,
        60,
        75_000_000,
        true);
  }

  private static RecordingLedger recordingLedger() {
    return new RecordingLedger(
        "lobby",
        120,
        150_000_000,
        4,
        5_000_000,
        new Keep("30d", "200GB", "365d"),
        List.of(
            new RecordingLedger.Place(
                "live", EPOCH, 180, NOON + 118_000_000, NOON + 122_000_000, false, EPOCH, 90)),
        List.of(recordedBlock()),
        List.of(new RecordingLedger.Expiring(recordedBlock(), NOON + 200_000_000)));
  }
}
