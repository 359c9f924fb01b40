package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.encode.PictureLooks;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Progress;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A video of the operator's in the form of a clip, to stand beside it in a reel: in its size, its
 * colours and at its rate, under its header, with as many sound tracks. Where the video has no
 * sound there is silence.
 */
public final class InsertedClip {

  /** Longer ones are refused: they are no transitions. */
  public static final int MAX_SECONDS = 60;

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);
  private static final int LOOKED_AT = 10;
  private static final int USUAL_RATE = 25;
  private static final String DOING = "encoding what stands beside it in a replay";

  private final ClipIndex form;
  private final Path video;
  private final String folder;
  private final ClipReader reader;
  private final ObjectSink made;
  private final Progress progress;
  private final Set<TrackInfo> infos = new HashSet<>();
  private final List<TrackInfo> tracks = new ArrayList<>();
  private final List<ClipIndex.Piece> pieces = new ArrayList<>();

  private InsertedClip(
      ClipIndex form,
      Path video,
      String folder,
      ByteSource bytes,
      ObjectSink made,
      Progress progress) {
    this.form = form;
    this.video = video;
    this.folder = folder;
    this.reader = new ClipReader(form, bytes);
    this.made = made;
    this.progress = progress;
  }

  /**
   * Encodes a video.
   *
   * @param form the clip beside which it is to stand
   * @param folder for the keys of objects, with a slash at its end
   * @param firstSound which sound track of the video the clip's first is, 1-based; those that it
   *     does not have are its last
   * @param bytes where the clip's objects are; read on the caller's thread
   * @param made takes all objects that the index names
   * @throws MediaException UNSUPPORTED or MALFORMED when the video or the clip cannot be decoded
   * @throws IOException when {@code bytes} or {@code made} fails
   */
  public static ClipIndex of(
      Path video, ClipIndex form, String folder, int firstSound, ByteSource bytes, ObjectSink made)
      throws MediaException, IOException {
    return of(video, form, folder, firstSound, bytes, made, (doing, fraction) -> {});
  }

  /**
   * As above.
   *
   * @param progress told how much of its pictures is encoded, where it says how long it is
   */
  static ClipIndex of(
      Path video,
      ClipIndex form,
      String folder,
      int firstSound,
      ByteSource bytes,
      ObjectSink made,
      Progress progress)
      throws MediaException, IOException {
    return new InsertedClip(form, video, folder, bytes, made, progress).make(firstSound - 1);
  }

  /**
   * Looks whether a file can be shown in reels.
   *
   * @throws MediaException why it cannot
   */
  public static void check(Path video) throws MediaException {
    try (MediaSource source = open(video)) {
      SourceTrack pictures = pictures(source);
      if (source.durationMicros() > MAX_SECONDS * Positions.MICROS_PER_SECOND) {
        throw tooLong(Positions.seconds(source.durationMicros()));
      }
      List<Packet> first = new ArrayList<>();
      for (Packet packet = source.next();
          packet != null && first.size() < LOOKED_AT;
          packet = source.next()) {
        if (packet.track() == pictures.index()) {
          first.add(packet.copy());
        }
      }
      try (PictureLooks seen = new PictureLooks(pictures)) {
        first.forEach(seen::accept);
        if (seen.finish().isEmpty()) {
          throw new MediaException(Reason.MALFORMED, "None of its pictures can be decoded");
        }
      }
    }
  }

  private ClipIndex make(int firstSound) throws MediaException, IOException {
    double seconds = -1;
    for (TrackInfo lead : form.tracks()) {
      if (lead.kind() == TrackInfo.Kind.VIDEO && seconds < 0) {
        seconds = pictures(lead);
      }
    }
    if (seconds < 0) {
      throw new MediaException(Reason.UNSUPPORTED, "A clip without pictures takes no videos");
    }
    int sound = firstSound;
    for (TrackInfo lead : form.tracks()) {
      if (lead.kind() == TrackInfo.Kind.AUDIO && PieceComposer.leadOf(form, lead.track()) == lead) {
        sound(lead, sound++, seconds);
      }
    }
    ClipIndex index = new ClipIndex(form.clip(), tracks, form.reorderMicros(), pieces);
    pieces.sort(
        Comparator.comparingLong((ClipIndex.Piece piece) -> micros(index, piece))
            .thenComparingInt(ClipIndex.Piece::track));
    return new ClipIndex(form.clip(), tracks, form.reorderMicros(), pieces);
  }

  /**
   * @return how long it is
   */
  private double pictures(TrackInfo lead) throws MediaException, IOException {
    FadedPieces target = new FadedPieces(folder, lead, form.reorderMicros(), made);
    EncodedTrack track = track(lead, target);
    Rational unit = new Rational(1, lead.timescale());
    List<Packet> encoded = new ArrayList<>();
    try (MediaSource source = open(video)) {
      SourceTrack pictures = pictures(source);
      double length = Positions.seconds(source.durationMicros());
      try (TrackEncoder encoder = track.encoder(pictures)) {
        long zero = Packet.ABSENT;
        for (Packet packet = source.next(); packet != null; packet = source.next()) {
          if (packet.track() != pictures.index() || packet.pts() == Packet.ABSENT) {
            continue;
          }
          zero = zero == Packet.ABSENT ? packet.pts() : zero;
          double at = (packet.pts() - zero) * pictures.timeBase().toDouble();
          if (at > MAX_SECONDS) {
            throw tooLong(at);
          }
          progress.at(DOING, length > 0 ? Math.max(0, at / length) : 0);
          encoder.accept(moved(packet, zero), sample -> encoded.add(track.sample(sample)));
        }
        encoder.finish(sample -> encoded.add(track.sample(sample)));
      }
    }
    if (encoded.isEmpty()) {
      throw new MediaException(Reason.MALFORMED, "None of its pictures can be decoded");
    }
    long end = encoded.get(encoded.size() - 1).pts() + pictureTicks(lead, encoded);
    long delay =
        Rational.rescale(track.info().reorderTicks(), unit(track.info()), unit)
            + PieceComposer.growth(track.info(), lead, form.reorderMicros());
    MadeFragment fragment = new MadeFragment();
    for (int at = 0; at < encoded.size(); at++) {
      Packet packet = encoded.get(at);
      if (packet.keyframe() && !fragment.samples().isEmpty()) {
        add(target.made("video", track.info(), fragment, 0, true));
        fragment = new MadeFragment();
      }
      long next = at + 1 < encoded.size() ? encoded.get(at + 1).pts() : end;
      fragment.add(packet.pts(), next, packet.pts() + delay, packet.keyframe(), packet.data());
    }
    add(target.made("video", track.info(), fragment, 0, true));
    return end * unit.toDouble();
  }

  private EncodedTrack track(TrackInfo lead, FadedPieces target)
      throws MediaException, IOException {
    ClipIndex.Piece first = first(lead);
    SourceTrack like = reader.source(first);
    try {
      return EncodedTrack.beside(lead, reader.init(first), like, target::init, false);
    } catch (MediaException e) {
      if (e.reason() != Reason.UNSUPPORTED) {
        throw e;
      }
      // As streams of different encoders: it brings a header of its own.
      return EncodedTrack.alone(lead, like, target::init);
    }
  }

  private static long pictureTicks(TrackInfo lead, List<Packet> encoded) {
    Rational rate = lead.frameRate();
    if (rate != null && rate.numerator() > 0) {
      return Rational.rescale(1, new Rational(rate.denominator(), rate.numerator()), unit(lead));
    }
    return encoded.size() < 2
        ? lead.timescale() / USUAL_RATE
        : encoded.get(encoded.size() - 1).pts() / (encoded.size() - 1);
  }

  private void sound(TrackInfo lead, int number, double seconds)
      throws MediaException, IOException {
    FadedPieces target = new FadedPieces(folder, lead, form.reorderMicros(), made);
    SourceTrack like = reader.source(first(lead));
    List<Packet> encoded = new ArrayList<>();
    SourceTrack aac;
    try (MediaSource source = open(video)) {
      SourceTrack pictures = pictures(source);
      List<SourceTrack> sounds = source.tracks().stream().filter(SourceTrack::isAudio).toList();
      SourceTrack sound = sounds.isEmpty() ? null : sounds.get(Math.min(number, sounds.size() - 1));
      try (TrackEncoder encoder =
          TrackEncoder.ofSoundLike(
              sound == null ? like : sound, lead.sampleRate(), lead.channels(), seconds)) {
        aac = encoder.track();
        if (sound != null) {
          hear(source, pictures, sound, encoder, encoded);
        }
        encoder.finish(encoded::add);
      }
    }
    TrackInfo info = FadedSound.fits(lead, aac) ? lead : FadedSound.described(lead, aac, target);
    Rational unit = unit(lead);
    long wait = Rational.rescale(form.reorderMicros(), MICROS, unit);
    long end = Math.round(seconds * aac.sampleRate());
    MadeFragment fragment = new MadeFragment();
    for (Packet packet : encoded) {
      if (packet.pts() + packet.duration() / 2 >= end) {
        break;
      }
      long at = wait + Rational.rescale(packet.pts(), aac.timeBase(), unit);
      long until = wait + Rational.rescale(packet.pts() + packet.duration(), aac.timeBase(), unit);
      fragment.add(at, until, at, true, packet.data());
      if (until - fragment.samples().get(0).decodeTicks() >= lead.timescale()) {
        add(target.made("sound", info, fragment, 0, true));
        fragment = new MadeFragment();
      }
    }
    if (!fragment.samples().isEmpty()) {
      add(target.made("sound", info, fragment, 0, true));
    }
  }

  private static void hear(
      MediaSource source,
      SourceTrack pictures,
      SourceTrack sound,
      TrackEncoder encoder,
      List<Packet> encoded)
      throws MediaException {
    Long zero = null;
    List<Packet> early = new ArrayList<>();
    for (Packet packet = source.next(); packet != null; packet = source.next()) {
      if (packet.pts() == Packet.ABSENT) {
        continue;
      }
      if (packet.track() == pictures.index() && zero == null) {
        zero = Rational.rescale(packet.pts(), pictures.timeBase(), sound.timeBase());
        for (Packet before : early) {
          encoder.accept(moved(before, zero), encoded::add);
        }
      } else if (packet.track() == sound.index() && zero == null) {
        early.add(packet.copy());
      } else if (packet.track() == sound.index()) {
        encoder.accept(moved(packet, zero), encoded::add);
      }
    }
  }

  private static Packet moved(Packet packet, long zero) {
    long decoded = packet.dts() == Packet.ABSENT ? packet.pts() : packet.dts();
    return Packet.of(
        packet.track(),
        packet.pts() - zero,
        decoded - zero,
        packet.duration(),
        packet.keyframe(),
        packet.data());
  }

  private void add(FadedPieces.Part part) throws MediaException {
    if (infos.add(part.info())) {
      tracks.add(part.info());
    }
    pieces.add(part.piece());
  }

  private ClipIndex.Piece first(TrackInfo lead) throws MediaException {
    return form.pieces().stream()
        .filter(piece -> piece.track() == lead.track())
        .findFirst()
        .orElseThrow(
            () -> new MediaException(Reason.MALFORMED, "A track of the clip has nothing in it"));
  }

  private static long micros(ClipIndex index, ClipIndex.Piece piece) {
    return Rational.rescale(
        piece.clipTicks(), unit(PieceComposer.leadOf(index, piece.track())), MICROS);
  }

  private static Rational unit(TrackInfo info) {
    return new Rational(1, info.timescale());
  }

  private static MediaSource open(Path video) throws MediaException {
    return MediaSource.open(video.toAbsolutePath().toString(), SourceOptions.DEFAULTS);
  }

  private static SourceTrack pictures(MediaSource source) throws MediaException {
    return source.tracks().stream()
        .filter(SourceTrack::isVideo)
        .findFirst()
        .orElseThrow(() -> new MediaException(Reason.UNSUPPORTED, "It has no pictures"));
  }

  private static MediaException tooLong(double seconds) {
    return new MediaException(
        Reason.UNSUPPORTED,
        String.format(
            Locale.ROOT,
            "It may be %d s long, and is %.0f s or longer",
            MAX_SECONDS,
            Math.floor(seconds)));
  }
}
