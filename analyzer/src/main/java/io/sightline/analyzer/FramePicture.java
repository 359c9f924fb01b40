package io.sightline.analyzer;

import io.sightline.media.MediaException;
import io.sightline.media.picture.DecodedJpeg;
import io.sightline.records.FrameInfo;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Picture;

/** A frame whose JPEG is decoded when first asked for, once for all analyzers. */
final class FramePicture implements Picture {

  /** What the analyzers of a lane have asked for so far, so that later frames decode just that. */
  static final class Forms {

    private volatile boolean luma;
    private volatile boolean colour;
  }

  private final FrameInfo info;
  private final byte[] jpeg;
  private final PictureDecoders decoders;
  private final Forms forms;
  private DecodedJpeg decoded;
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
      if (forms.colour || forms.luma) {
        decoded(forms.colour);
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
    forms.luma = true;
    return decoded(forms.colour).luma();
  }

  @Override
  public byte[] bgr() throws AnalysisException {
    forms.colour = true;
    return decoded(true).bgr();
  }

  private synchronized DecodedJpeg decoded(boolean colour) throws AnalysisException {
    if (failure != null) {
      throw new AnalysisException(failure);
    }
    if (decoded == null || colour && decoded.bgr() == null) {
      try {
        decoded = decoders.decode(jpeg, colour);
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
