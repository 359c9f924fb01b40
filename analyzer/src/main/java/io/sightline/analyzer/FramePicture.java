package io.sightline.analyzer;

import io.sightline.media.MediaException;
import io.sightline.media.picture.DecodedJpeg;
import io.sightline.media.picture.JpegForms;
import io.sightline.media.picture.PictureSize;
import io.sightline.records.FrameInfo;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Picture;
import java.util.HashSet;
import java.util.Set;

/** A frame whose JPEG is decoded when first asked for, once for all analyzers. */
final class FramePicture implements Picture {

  /** What the analyzers of a lane have asked for so far, so that later frames decode just that. */
  static final class Forms {

    /** An analyzer that asks for ever new sizes is not followed. */
    private static final int MAX_SIZES = 8;

    private JpegForms asked = new JpegForms(false, Set.of());

    /** What later frames are to be decoded to. */
    synchronized JpegForms asked() {
      return asked;
    }

    /**
     * @return what was asked for so far and this
     */
    synchronized JpegForms add(JpegForms form) {
      if (asked.covers(form)) {
        return asked;
      }
      Set<PictureSize> sizes = new HashSet<>(asked.bgr());
      sizes.addAll(form.bgr());
      JpegForms all = new JpegForms(asked.luma() || form.luma(), sizes);
      if (sizes.size() <= MAX_SIZES) {
        asked = all;
      }
      return all;
    }
  }

  private final FrameInfo info;
  private final byte[] jpeg;
  private final PictureDecoders decoders;
  private final Forms forms;
  private DecodedJpeg decoded;
  private JpegForms has;
  private String failure;

  FramePicture(FrameInfo info, byte[] jpeg, PictureDecoders decoders, Forms forms) {
    this.info = info;
    this.jpeg = jpeg;
    this.decoders = decoders;
    this.forms = forms;
  }

  /** Decodes what frames before this one were asked for; a failure shows when it is used. */
  Void prepare() {
    try {
      JpegForms asked = forms.asked();
      if (asked.luma() || !asked.bgr().isEmpty()) {
        decoded(asked, asked);
      }
    } catch (AnalysisException e) {
      // Whoever asks for the pixels is told.
    }
    return null;
  }

  @Override
  public FrameInfo info() {
    return info;
  }

  @Override
  public byte[] jpeg() {
    return jpeg;
  }

  @Override
  public int width() {
    return info.width();
  }

  @Override
  public int height() {
    return info.height();
  }

  @Override
  public byte[] luma() throws AnalysisException {
    return decoded(JpegForms.lumaOnly()).luma();
  }

  @Override
  public byte[] bgr(int width, int height) throws AnalysisException {
    return decoded(JpegForms.bgrOnly(width, height)).bgr(width, height);
  }

  private DecodedJpeg decoded(JpegForms wanted) throws AnalysisException {
    return decoded(wanted, forms.add(wanted));
  }

  /**
   * @param wanted what there must be
   * @param asked what to decode to if it is not there
   */
  private synchronized DecodedJpeg decoded(JpegForms wanted, JpegForms asked)
      throws AnalysisException {
    if (failure != null) {
      throw new AnalysisException(failure);
    }
    if (decoded == null || !has.covers(wanted)) {
      try {
        decoded = decoders.decode(jpeg, asked);
        has = asked;
      } catch (MediaException e) {
        failure = "The picture cannot be decoded: " + e.getMessage();
        throw new AnalysisException(failure, e);
      }
      if (decoded.width() != info.width() || decoded.height() != info.height()) {
        failure =
            "The picture measures "
                + decoded.width()
                + " x "
                + decoded.height()
                + ", not "
                + info.width()
                + " x "
                + info.height()
                + " as announced";
        decoded = null;
        throw new AnalysisException(failure);
      }
    }
    return decoded;
  }
}
