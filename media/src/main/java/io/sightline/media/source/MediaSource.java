package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.ffmpeg.CustomInput;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.FfmpegLog;
import io.sightline.media.ffmpeg.MemoryInput;
import io.sightline.media.ffmpeg.Watch;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened source: a file, a camera of this machine, or something that FFmpeg pulls (RTSP, RTMP,
 * HTTP, HLS, MPEG-TS over UDP, TCP or SRT). Opening and reading block. Used by one thread; {@link
 * #interrupt()} may be called by any. Owns native memory until it is closed.
 *
 * <p>Nothing that arrives is trusted: {@code SourceKind} says what may be opened, {@link
 * SourceOptions} how much is looked at and for how long.
 */
public final class MediaSource implements PacketSource {

  private static final String TIMECODE = "timecode";
  private static final Logger LOG = LoggerFactory.getLogger(MediaSource.class);
  private static final Instant FIRST_CREDIBLE = Instant.parse("2000-01-01T00:00:00Z");

  private static final long PAUSE_NANOS = 2_000_000;

  private final SourceAddress address;
  private final SourceOptions options;
  private final Watch watch;
  private final AVFormatContext context;
  private final AVPacket packet;
  private final CustomInput input;
  private final long receivedFromNanos;
  private final OpenedTrack[] opened;
  private final List<SourceTrack> tracks;
  private final Ending ending;
  private final Packet[] heldBack;

  private boolean ended;
  private boolean closed;

  private MediaSource(
      SourceAddress address,
      SourceOptions options,
      Watch watch,
      AVFormatContext context,
      AVPacket packet,
      CustomInput input,
      long receivedFromNanos)
      throws MediaException {
    this.input = input;
    this.receivedFromNanos = receivedFromNanos;
    this.address = address;
    this.options = options;
    this.watch = watch;
    this.context = context;
    this.packet = packet;
    this.opened = SourceTracks.select(context, address);
    this.tracks =
        Arrays.stream(opened)
            .filter(Objects::nonNull)
            .map(OpenedTrack::track)
            .collect(Collectors.toUnmodifiableList());
    this.ending =
        new Ending(
            address,
            context,
            Arrays.stream(opened).filter(Objects::nonNull).collect(Collectors.toList()),
            container());
    this.heldBack = ending.lastPicturesAreCut() ? new Packet[opened.length] : null;
    ending.checkIndex();
  }

  /**
   * Opens a source.
   *
   * @param url {@code rtsp://}, {@code rtmp://}, {@code http://}, {@code srt://}, {@code udp://},
   *     {@code tcp://}, {@code device:}, {@code file:}, or a path
   * @throws MediaException with the reason; messages never show credentials
   */
  public static MediaSource open(String url, SourceOptions options) throws MediaException {
    return open(url, options, () -> false);
  }

  /**
   * Opens a source that can be stopped while it opens.
   *
   * @param stop asked often, from whichever thread reads; once it answers true, opening and reading
   *     end as after {@link #interrupt()}
   */
  public static MediaSource open(String url, SourceOptions options, BooleanSupplier stop)
      throws MediaException {
    return open(SourceAddress.of(url), options, stop, null);
  }

  /**
   * Opens a source under another name, where its URL means nothing to people or holds a secret.
   *
   * @param name for people; holds no secret
   */
  public static MediaSource open(
      String url, String name, SourceOptions options, BooleanSupplier stop) throws MediaException {
    return open(SourceAddress.of(url).named(name), options, stop, null);
  }

  /**
   * Opens MP4 that is in memory: an init part and fragments, for example.
   *
   * @param parts one after the other; not to be changed until this is closed
   */
  public static MediaSource of(byte[]... parts) throws MediaException {
    MemoryInput memory = new MemoryInput(parts);
    try {
      return open(SourceAddress.MEMORY, SourceOptions.DEFAULTS, () -> false, memory);
    } catch (MediaException | RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private static MediaSource open(
      SourceAddress address, SourceOptions options, BooleanSupplier stop, CustomInput given)
      throws MediaException {
    FfmpegLog.install();
    FfmpegLog.forget();
    Watch watch = new Watch(stop);
    CustomInput input = given;
    AVFormatContext context = null;
    AVPacket packet = null;
    try {
      if (address.kind() == SourceKind.SRT) {
        input = SrtRelay.start(address, watch);
      }
      context = SourceConnection.open(address, options, watch, input);
      long receivedFromNanos = System.nanoTime();
      SourceConnection.look(context, address, options, watch);
      packet = FfmpegError.allocated(avcodec.av_packet_alloc());
      MediaSource source =
          new MediaSource(address, options, watch, context, packet, input, receivedFromNanos);
      LOG.debug(
          "Opened {} ({}): {}",
          address,
          source.container(),
          source.tracks.stream().map(SourceTrack::codec).collect(Collectors.joining(", ")));
      return source;
    } catch (MediaException | RuntimeException | Error e) {
      free(packet, context, watch);
      if (input instanceof SrtRelay relay) {
        relay.close();
        if (e instanceof MediaException failure) {
          throw relay.explained(failure);
        }
      }
      throw e;
    }
  }

  @Override
  public long receivedForMicros() {
    return address.kind().isFile() ? 0 : (System.nanoTime() - receivedFromNanos) / 1_000;
  }

  /** Pictures and sound; of several programs or renditions, the one with the largest pictures. */
  @Override
  public List<SourceTrack> tracks() {
    return tracks;
  }

  /** FFmpeg's name of the container: {@code mov,mp4,m4a,3gp,3g2,mj2}, {@code mpegts}, ... */
  @Override
  public String container() {
    return context.iformat().name().getString();
  }

  /** Length in microseconds as the container tells it or its end shows; -1 when unknown. */
  @Override
  public long durationMicros() {
    boolean guessed = context.duration_estimation_method() == avformat.AVFMT_DURATION_FROM_BITRATE;
    return context.duration() <= 0 || guessed ? -1 : context.duration();
  }

  /** Of a {@code tmcd} track (ISO base media), MXF and others, as FFmpeg's metadata tells it. */
  @Override
  public String timecode() {
    AVDictionaryEntry entry = avutil.av_dict_get(context.metadata(), TIMECODE, null, 0);
    for (int i = 0; (entry == null || entry.isNull()) && i < context.nb_streams(); i++) {
      entry = avutil.av_dict_get(context.streams(i).metadata(), TIMECODE, null, 0);
    }
    String text = entry == null || entry.isNull() ? "" : entry.value().getString();
    return text.matches("\\d{2}:\\d{2}:\\d{2}[:;.]\\d{2,3}") ? text : null;
  }

  /** When it was recorded, as the container says; nothing before the year 2000 is believed. */
  public Optional<Instant> creationTime() {
    AVDictionaryEntry entry = avutil.av_dict_get(context.metadata(), "creation_time", null, 0);
    if (entry == null || entry.isNull()) {
      return Optional.empty();
    }
    try {
      Instant time =
          DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(entry.value().getString(), Instant::from);
      return Optional.of(time).filter(instant -> !instant.isBefore(FIRST_CREDIBLE));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * The next packet of any track, in the order of the source.
   *
   * @return borrowed until the next call or {@link #close()}; null at a clean end
   * @throws MediaException INCOMPLETE after the last packet of a file that breaks off; TIMEOUT
   *     after a silence or an interrupt; UNAVAILABLE when a connection broke
   */
  @Override
  public Packet next() throws MediaException {
    if (closed) {
      throw new IllegalStateException("This source is closed");
    }
    while (!ended) {
      watch.start(options.readTimeout());
      Packet next = read();
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  private Packet read() throws MediaException {
    avcodec.av_packet_unref(packet);
    int code = avformat.av_read_frame(context, packet);
    while (code == avutil.AVERROR_EAGAIN()) {
      // Some sources answer so instead of waiting.
      LockSupport.parkNanos(PAUSE_NANOS);
      code = watch.ended() ? avutil.AVERROR_EXIT() : avformat.av_read_frame(context, packet);
    }
    if (code < 0) {
      end(code);
      return null;
    }
    int index = packet.stream_index();
    OpenedTrack track = index < opened.length ? opened[index] : null;
    if (!address.kind().isFile()) {
      requireAsOpened(index, track);
    }
    if (track == null || packet.size() <= 0 || packet.data() == null) {
      return null;
    }
    Packet next = track.packet(packet);
    if (ending.isCut(next)) {
      ending.dropped(next, track.track());
      return null;
    }
    return heldBack == null || track.track().isAudio() ? next : swapped(index, next);
  }

  /** What has become another thing under way is only understood by opening it again. */
  private void requireAsOpened(int index, OpenedTrack track) throws MediaException {
    if (track != null && track.hasAnotherCodec()) {
      throw new MediaException(
          MediaException.Reason.UNAVAILABLE,
          address + " sends another codec now, no longer " + track.track().codec());
    }
    if (index < opened.length) {
      return;
    }
    int type = context.streams(index).codecpar().codec_type();
    if (type == avutil.AVMEDIA_TYPE_VIDEO || type == avutil.AVMEDIA_TYPE_AUDIO) {
      throw new MediaException(
          MediaException.Reason.UNAVAILABLE,
          address
              + " has another track now: "
              + (type == avutil.AVMEDIA_TYPE_VIDEO ? "pictures" : "sound"));
    }
  }

  /** Each picture is given out when the next arrives, since the last one is damaged. */
  private Packet swapped(int index, Packet next) {
    Packet before = heldBack[index];
    heldBack[index] = next.copy();
    return before;
  }

  private void end(int code) throws MediaException {
    boolean clean = code == avutil.AVERROR_EOF();
    if (!clean && address.kind() == SourceKind.MEMORY) {
      throw MediaException.incomplete(
          "The media breaks off: " + FfmpegError.text(code), Ending.UNKNOWN);
    }
    if (input instanceof SrtRelay relay && relay.failure().isPresent()) {
      throw relay.failure().get();
    }
    boolean late = code == avutil.AVERROR_EXIT();
    if (watch.interrupted() || late || !clean && !address.kind().isFile()) {
      throw address.readFailure(code, watch.interrupted(), options.readTimeout());
    }
    ended = true;
    for (int i = 0; heldBack != null && i < heldBack.length; i++) {
      if (heldBack[i] != null) {
        ending.dropped(heldBack[i], opened[i].track());
      }
    }
    Optional<MediaException> problem = ending.problem(code);
    if (problem.isPresent()) {
      throw problem.get();
    }
  }

  /**
   * Goes on reading a file elsewhere, at or before a time if its container can find it; where it
   * went is seen from the next packets. A container without an index may read up to there.
   *
   * @param pts presentation time, in the track's time base
   * @return false when the container cannot; then nothing more may be read
   * @throws MediaException TIMEOUT after an interrupt
   */
  public boolean seek(SourceTrack track, long pts) throws MediaException {
    watch.start(options.readTimeout());
    int code = avformat.av_seek_frame(context, track.index(), pts, avformat.AVSEEK_FLAG_BACKWARD);
    if (watch.interrupted()) {
      throw address.readFailure(code, true, options.readTimeout());
    }
    Arrays.stream(opened).filter(Objects::nonNull).forEach(OpenedTrack::jumped);
    if (heldBack != null) {
      Arrays.fill(heldBack, null);
    }
    ended = code < 0;
    return code >= 0;
  }

  /** Ends a blocked {@link #next()} at once, and all later ones; from any thread. */
  public void interrupt() {
    watch.interrupt();
  }

  /** Frees what is native. Not while another thread is in {@link #next()}; again does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      free(packet, context, watch);
      if (input != null) {
        input.close();
      }
    }
  }

  private static void free(AVPacket packet, AVFormatContext context, Watch watch) {
    if (packet != null) {
      avcodec.av_packet_free(packet);
    }
    if (context != null) {
      // Closing says goodbye to some servers; that too must end.
      watch.last();
      avformat.avformat_close_input(context);
    }
    watch.close();
  }
}
