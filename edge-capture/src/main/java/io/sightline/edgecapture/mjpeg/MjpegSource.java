package io.sightline.edgecapture.mjpeg;

import io.sightline.edgecapture.CaptureClock;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.picture.JpegHeader;
import io.sightline.media.picture.StandardTables;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.source.TrackProbe;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source that sends JPEG pictures, as packets of one track: its own bytes, at the times at which
 * they arrived. Every picture is looked at before it goes on: one that is damaged or too large is
 * left out and counted. An empty packet says that the camera is there and has nothing new.
 *
 * <p>It ends, with a reason, when the size of the pictures changes.
 */
public final class MjpegSource implements PacketSource {

  private static final Logger LOG = LoggerFactory.getLogger(MjpegSource.class);
  private static final Rational MICROS = new Rational(1, 1_000_000);
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  /** A camera that sends so many in a row sends nothing else. */
  private static final int MAX_DAMAGED_IN_A_ROW = 25;

  /** For how long a source may give nothing but damaged pictures before its first good one. */
  private static final long UNUSABLE_MICROS = 10 * Positions.MICROS_PER_SECOND;

  /** Steps of the clock that are larger are left for the epoch to see. */
  private static final long MAX_STEP_BACK_MICROS = 1_000_000;

  private final String name;
  private final Pictures pictures;
  private final CaptureClock clock;
  private SourceTrack track;
  private Packet held;
  private long lastMicros = Long.MIN_VALUE;
  private long damaged;
  private int damagedInARow;
  private String lastDamage;

  private MjpegSource(String name, Pictures pictures, CaptureClock clock) {
    this.name = name;
    this.pictures = pictures;
    this.clock = clock;
  }

  /**
   * Asks what there is, and opens it when it is MJPEG or a JPEG. Blocks, until the first picture is
   * there.
   *
   * @param url http or https; user and password with any characters, percent-encoded or not
   * @param every how often a single JPEG is asked for
   * @param openTimeout until there is an answer
   * @param readTimeout the longest time without a picture
   * @param stop asked often; once it answers true, opening and reading end with TIMEOUT
   * @return empty when the answer is something else
   * @throws MediaException UNAUTHORIZED for a wrong password, NOT_FOUND for a host or path that is
   *     not there; messages never show credentials
   */
  public static Optional<PacketSource> open(
      String url,
      Duration every,
      Duration openTimeout,
      Duration readTimeout,
      CaptureClock clock,
      BooleanSupplier stop)
      throws MediaException, InterruptedException {
    CameraAddress address = CameraAddress.of(url);
    // Pictures would pile up meanwhile, and all arrive at once.
    TrackProbe.prepare();
    CameraClient client = new CameraClient(address, openTimeout, readTimeout, stop);
    MjpegSource source = null;
    try {
      CameraAnswer answer = client.get(Map.of());
      Pictures pictures =
          answer.isMultipart()
              ? new MultipartPictures(client, answer)
              : answer.isJpeg() ? new SnapshotPictures(client, answer, every, clock) : null;
      if (pictures == null) {
        return Optional.empty();
      }
      MjpegSource opened = new MjpegSource(address.name(), pictures, clock);
      opened.learnTrack();
      source = opened;
      return Optional.of(opened);
    } finally {
      if (source == null) {
        client.close();
      }
    }
  }

  /**
   * The same of pictures that come in another way. Blocks, until the first one is there.
   *
   * @param name of where they come from, as the beginning of a sentence
   * @param pictures closed with it, also when it cannot be opened
   */
  public static PacketSource of(String name, Pictures pictures, CaptureClock clock)
      throws MediaException, InterruptedException {
    TrackProbe.prepare();
    MjpegSource source = null;
    try {
      MjpegSource opened = new MjpegSource(name, pictures, clock);
      opened.learnTrack();
      source = opened;
      return opened;
    } finally {
      if (source == null) {
        pictures.close();
      }
    }
  }

  @Override
  public List<SourceTrack> tracks() {
    return List.of(track);
  }

  @Override
  public String container() {
    return pictures.kind();
  }

  @Override
  public String ending() {
    return pictures.ending();
  }

  @Override
  public long damaged() {
    return damaged;
  }

  @Override
  public Packet next() throws MediaException, InterruptedException {
    if (held != null) {
      Packet first = held;
      held = null;
      return first;
    }
    while (true) {
      Arrival arrival = pictures.next();
      if (arrival == null) {
        return null;
      }
      if (arrival == Arrival.NOTHING_NEW) {
        return packet(NO_BYTES, false);
      }
      ByteBuffer picture = sound(arrival);
      if (picture != null) {
        return packet(picture, true);
      }
    }
  }

  @Override
  public void close() {
    pictures.close();
  }

  private void learnTrack() throws MediaException, InterruptedException {
    long deadline = clock.nowMicros() + UNUSABLE_MICROS;
    while (track == null) {
      Arrival arrival = pictures.next();
      if (clock.nowMicros() > deadline && lastDamage != null) {
        throw new MediaException(
            Reason.MALFORMED, name + " sends no picture that can be used: " + lastDamage);
      }
      if (arrival == null) {
        throw new MediaException(Reason.UNAVAILABLE, name + " ended before its first picture");
      }
      ByteBuffer picture = arrival == Arrival.NOTHING_NEW ? null : sound(arrival);
      if (picture == null) {
        continue;
      }
      byte[] first = new byte[picture.remaining()];
      picture.get(first);
      try {
        track = TrackProbe.track(0, TrackInfo.Kind.VIDEO, "mjpeg", MICROS, new byte[0], first);
        held = packet(ByteBuffer.wrap(first), true);
      } catch (MediaException e) {
        leftOut(e.reason(), "it cannot be decoded");
      }
    }
  }

  /** The picture's own bytes; null when it is to be left out. */
  private ByteBuffer sound(Arrival arrival) throws MediaException {
    if (arrival.bytes() == null) {
      leftOut(Reason.MALFORMED, arrival.damage());
      return null;
    }
    ByteBuffer picture = arrival.bytes();
    while (picture.hasRemaining() && Character.isWhitespace(picture.get(picture.position()))) {
      picture.get();
    }
    JpegHeader header;
    try {
      header = JpegHeader.read(picture);
      picture.limit(picture.position() + header.lengthBytes());
      picture = header.hasTables() ? picture : StandardTables.into(picture);
    } catch (MediaException e) {
      leftOut(e.reason(), e.getMessage());
      return null;
    }
    if (track != null && (header.width() != track.width() || header.height() != track.height())) {
      throw new MediaException(
          Reason.UNAVAILABLE,
          String.format(
              "%s sends pictures of %dx%d now, no longer of %dx%d",
              name, header.width(), header.height(), track.width(), track.height()));
    }
    damagedInARow = 0;
    return picture;
  }

  private void leftOut(Reason reason, String why) throws MediaException {
    damaged++;
    damagedInARow++;
    lastDamage = why;
    if (damaged == 1) {
      LOG.warn("{}: a picture was left out: {}; further ones are counted", name, why);
    }
    if (damagedInARow >= MAX_DAMAGED_IN_A_ROW) {
      throw new MediaException(
          reason,
          name + " sent " + damagedInARow + " pictures in a row that are none; the last: " + why);
    }
  }

  private Packet packet(ByteBuffer bytes, boolean picture) {
    long now = clock.nowMicros();
    if (now <= lastMicros && lastMicros - now < MAX_STEP_BACK_MICROS) {
      now = lastMicros + 1;
    }
    lastMicros = now;
    return Packet.of(0, now, now, 0, picture, bytes);
  }
}
