package io.sightline.media.encode;

import java.util.Arrays;

/**
 * What encodes pictures of renditions as H.264: the processor, or hardware where a machine has it.
 * Named as FFmpeg names them.
 */
public enum VideoEncoder {
  /** On the processor; every machine has it. */
  OPENH264(Coding.RECORDING),
  /** NVIDIA; needs its driver. */
  NVENC(Coding.NVENC),
  /** Intel Quick Sync Video; needs its runtime. */
  QSV(Coding.QSV),
  /** Intel and AMD on Linux, by the first render device. */
  VAAPI(Coding.VAAPI);

  private final Coding coding;

  VideoEncoder(Coding coding) {
    this.coding = coding;
  }

  /** FFmpeg's name, such as {@code h264_nvenc}. */
  public String id() {
    return coding.library();
  }

  Coding coding() {
    return coding;
  }

  /**
   * @param id FFmpeg's name of one
   * @throws IllegalArgumentException with those there are
   */
  public static VideoEncoder of(String id) {
    return Arrays.stream(values())
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The encoder is one of "
                        + Arrays.stream(values()).map(VideoEncoder::id).toList()
                        + ", not '"
                        + id
                        + "'"));
  }
}
