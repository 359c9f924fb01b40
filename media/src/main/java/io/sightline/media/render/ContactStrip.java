package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.PieceComposer;
import io.sightline.media.picture.FrameSampler;
import io.sightline.media.picture.JpegSettings;
import io.sightline.media.picture.SampledFrame;
import io.sightline.media.picture.Thumbnail;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.Rational;
import io.sightline.records.Sampling;
import io.sightline.records.TrackInfo;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Eight pictures of a clip beside each other, from its beginning on at even distances: what happens
 * in it, at a glance. Of a long clip only the keyframes nearest to them are read, of a short one
 * all is.
 */
public final class ContactStrip {

  /** How many pictures there are. */
  public static final int PICTURES = 8;

  private static final int QUANTIZER = 4;

  private static final long MAX_THOUSANDTHS = 240_000;

  /** With so many keyframes one is near enough to each picture. */
  private static final int MANY_KEYFRAMES = 2 * PICTURES;

  private ContactStrip() {}

  /**
   * The strip as JPEG.
   *
   * @param width of each picture, in pixels; the height follows from its shape
   * @throws MediaException UNSUPPORTED when the clip has no pictures, MALFORMED when none of them
   *     can be decoded
   * @throws IOException when {@code bytes} fails
   */
  public static byte[] of(ClipIndex clip, ByteSource bytes, int width)
      throws MediaException, IOException {
    TrackInfo video =
        clip.tracks().stream()
            .filter(track -> track.kind() == TrackInfo.Kind.VIDEO)
            .findFirst()
            .orElseThrow(
                () ->
                    new MediaException(Reason.UNSUPPORTED, "A clip without pictures has no strip"));
    List<ClipIndex.Piece> pieces =
        clip.pieces().stream().filter(piece -> piece.track() == video.track()).toList();
    List<ClipIndex.Piece> keyframes = pieces.stream().filter(ClipIndex.Piece::independent).toList();
    List<byte[]> pictures =
        keyframes.size() >= MANY_KEYFRAMES
            ? nearest(clip, keyframes, bytes, width)
            : sampled(clip, video, pieces, bytes, width);
    if (pictures.isEmpty()) {
      throw new MediaException(Reason.MALFORMED, "The clip has no picture that can be decoded");
    }
    return beside(pictures, width);
  }

  private static List<byte[]> nearest(
      ClipIndex clip, List<ClipIndex.Piece> keyframes, ByteSource bytes, int width)
      throws MediaException, IOException {
    List<byte[]> pictures = new ArrayList<>();
    for (int n = 0; n < PICTURES; n++) {
      ClipIndex.Piece piece = keyframes.get(n * keyframes.size() / PICTURES);
      byte[] init = bytes.read(PieceComposer.recordedAs(clip, piece).initKey(), 0, -1);
      pictures.add(
          Thumbnail.of(init, bytes.read(piece.key(), piece.offset(), piece.length()), width));
    }
    return pictures;
  }

  private static List<byte[]> sampled(
      ClipIndex clip, TrackInfo video, List<ClipIndex.Piece> pieces, ByteSource bytes, int width)
      throws MediaException, IOException {
    long ticks = pieces.stream().mapToLong(ClipIndex.Piece::durationTicks).sum();
    int timescale = PieceComposer.leadOf(clip, video.track()).timescale();
    // Rates go in steps of a thousandth.
    long thousandths = 1_000L * PICTURES * timescale / Math.max(1, ticks);
    Rational rate = new Rational(Math.max(1, Math.min(thousandths, MAX_THOUSANDTHS)), 1_000);
    try (Sampled sampled = new Sampled(rate, new JpegSettings(QUANTIZER, width))) {
      new ClipPackets(clip, bytes).read(video.track(), sampled);
      sampled.finish();
      List<byte[]> all = sampled.pictures;
      // Where the clip was recorded in several ways, each of them begins with one.
      List<byte[]> chosen = new ArrayList<>();
      for (int n = 0; n < Math.min(PICTURES, all.size()); n++) {
        chosen.add(all.get(n * all.size() / Math.min(PICTURES, all.size())));
      }
      return chosen;
    }
  }

  /** Takes pictures at a rate. */
  private static final class Sampled implements ClipPackets.Reader, AutoCloseable {

    private final Sampling sampling;
    private final JpegSettings jpeg;
    private final List<byte[]> pictures = new ArrayList<>();
    private FrameSampler sampler;

    Sampled(Rational rate, JpegSettings jpeg) {
      this.sampling = new Sampling(Sampling.Kind.RATE, rate, 0, 0);
      this.jpeg = jpeg;
    }

    @Override
    public void begin(SourceTrack recorded) throws MediaException {
      finish();
      sampler = new FrameSampler(recorded, sampling, jpeg);
    }

    @Override
    public void piece(ClipIndex.Piece piece, List<Packet> packets) throws MediaException {
      for (Packet packet : packets) {
        sampler.accept(packet, this::take);
      }
    }

    private void take(SampledFrame frame) {
      pictures.add(frame.jpeg());
    }

    void finish() throws MediaException {
      if (sampler != null) {
        sampler.finish(this::take);
        close();
      }
    }

    @Override
    public void close() {
      if (sampler != null) {
        sampler.close();
        sampler = null;
      }
    }
  }

  private static byte[] beside(List<byte[]> pictures, int width) throws IOException {
    BufferedImage first = ImageIO.read(new ByteArrayInputStream(pictures.get(0)));
    int height = Math.max(1, first.getHeight() * width / first.getWidth());
    BufferedImage strip =
        new BufferedImage(width * pictures.size(), height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = strip.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    for (int n = 0; n < pictures.size(); n++) {
      BufferedImage picture = ImageIO.read(new ByteArrayInputStream(pictures.get(n)));
      pen.drawImage(picture, n * width, 0, width, height, null);
    }
    pen.dispose();
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(strip, "jpg", jpeg);
    return jpeg.toByteArray();
  }
}
