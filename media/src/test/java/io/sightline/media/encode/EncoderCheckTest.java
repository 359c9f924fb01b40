package io.sightline.media.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.testing.TestVideo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** An encoder that works, and what one that does not would make. */
class EncoderCheckTest {

  private static final int PICTURES = 20;

  /** What the encoder is given in place of a picture. */
  private interface Driver {
    AVFrame of(AVFrame picture);
  }

  private static void run(Driver driver, UnaryOperator<List<Packet>> changed) throws Exception {
    Path file = TestVideo.plain().pictures(PICTURES).file();
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS)) {
      SourceTrack track = source.tracks().get(0);
      try (TrackDecoder decoder = new TrackDecoder(track);
          CodecEncoder encoder = new CodecEncoder(track, Coding.RECORDING)) {
        EncoderCheck check = new EncoderCheck("h264_some", encoder.track());
        List<Packet> made = new ArrayList<>();
        for (Packet packet; (packet = source.next()) != null; ) {
          decoder.send(packet);
          encode(decoder, encoder, driver, check, made);
        }
        decoder.drain();
        encode(decoder, encoder, driver, check, made);
        encoder.finish(made::add);
        assertThat(made).hasSize(PICTURES);
        for (Packet one : changed.apply(made)) {
          check.take(one);
        }
        check.finish();
      }
    }
  }

  private static void encode(
      TrackDecoder decoder,
      CodecEncoder encoder,
      Driver driver,
      EncoderCheck check,
      List<Packet> made)
      throws MediaException {
    for (AVFrame picture; (picture = decoder.receive()) != null; ) {
      picture.pts(TrackDecoder.ticks(picture));
      check.give(picture);
      encoder.encode(driver.of(picture), made::add);
    }
  }

  private static AVFrame filled(int width, int height, int... planes) {
    AVFrame frame = avutil.av_frame_alloc();
    frame.width(width).height(height).format(avutil.AV_PIX_FMT_YUV420P);
    assertThat(avutil.av_frame_get_buffer(frame, 0)).isZero();
    for (int plane = 0; plane < planes.length; plane++) {
      long bytes = (long) frame.linesize(plane) * (plane == 0 ? height : height / 2);
      Pointer.memset(frame.data(plane), planes[plane], bytes);
    }
    return frame;
  }

  @Test
  void whatIsMadeOfWhatWasGiven_isFine() {
    assertThatCode(() -> run(picture -> picture, made -> made)).doesNotThrowAnyException();
  }

  @Test
  void pictureThatIsMissing_isMissed() {
    assertThatThrownBy(() -> run(picture -> picture, made -> made.subList(0, PICTURES - 1)))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("h264_some does not work here: of 20 pictures it made 19");
  }

  @Test
  void pictureAtAnotherTime_isSeen() {
    assertThatThrownBy(
            () ->
                run(
                    picture -> picture,
                    made ->
                        made.stream()
                            .map(
                                one ->
                                    Packet.of(
                                        0,
                                        one.pts() + 1,
                                        one.dts() + 1,
                                        0,
                                        one.keyframe(),
                                        one.data()))
                            .toList()))
        .hasMessageContaining("a picture does not look like the one it was given");
  }

  /** As of a driver that reads planes that are not there. */
  @Test
  void greenPictures_areSeen() {
    AVFrame green = filled(320, 180, 0, 0, 0);
    try {
      assertThatThrownBy(
              () ->
                  run(
                      picture -> {
                        green.pts(picture.pts());
                        return green;
                      },
                      made -> made))
          .hasMessageContaining("a picture does not look like the one it was given");
    } finally {
      avutil.av_frame_free(green);
    }
  }

  @Test
  void planesForHardware_areBroughtTogether_withTheTimeOfThePicture() throws Exception {
    AVFrame planar = filled(64, 48, 10, 20, 30);
    planar.pts(4_711);
    AVCodecContext encoder = avcodec.avcodec_alloc_context3(null);
    try (EncoderSurface surface = new EncoderSurface(EncoderSurface.Kind.NV12, 64, 48)) {
      surface.prepare(encoder);
      AVFrame brought = surface.of(planar);

      assertThat(encoder.pix_fmt()).isEqualTo(avutil.AV_PIX_FMT_NV12);
      assertThat(brought.pts()).isEqualTo(4_711);
      assertThat(brought.data(0).get(5)).isEqualTo((byte) 10);
      long last = 23L * brought.linesize(1);
      assertThat(brought.data(1).get(last)).isEqualTo((byte) 20);
      assertThat(brought.data(1).get(last + 63)).isEqualTo((byte) 30);
    } finally {
      avutil.av_frame_free(planar);
      avcodec.avcodec_free_context(encoder);
    }
  }
}
