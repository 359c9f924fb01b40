package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * An encoding of clips and replays that is wanted beside what was recorded.
 *
 * @param name names it among the others, such as {@code 720p} or {@code vertical}
 * @param size of the shorter side in pixels, one of {@link #SIZES}
 * @param aspect width to height of the picture as it is shown, such as {@code 9:16}; null for that
 *     of the recording, whose pictures are never enlarged then
 * @param fit how a recording of another shape is brought into the aspect; null without one
 * @param follow whether what is seen of the recording moves with what was detected in it, instead
 *     of showing the middle; only with {@code cover}
 * @param loudness integrated loudness of each sound track in LUFS (EBU R 128), such as -23 for
 *     broadcasting; null when sound stays as it is
 */
public record RenditionSpec(
    String name, int size, Aspect aspect, Fit fit, boolean follow, Double loudness) {

  /** What a clip's own encoding is called. */
  public static final String SOURCE = "source";

  /** The shorter sides that can be asked for: those of the usual names, {@code 1080p} and so on. */
  public static final List<Integer> SIZES = List.of(2160, 1440, 1080, 720, 540, 480, 360);

  private static final double MIN_LOUDNESS = -40;
  private static final double MAX_LOUDNESS = -5;

  /** The shapes that can be asked for. */
  public enum Aspect {
    @JsonProperty("16:9")
    WIDE(16, 9),
    @JsonProperty("1:1")
    SQUARE(1, 1),
    @JsonProperty("4:5")
    PORTRAIT(4, 5),
    @JsonProperty("9:16")
    VERTICAL(9, 16);

    private final int width;
    private final int height;

    Aspect(int width, int height) {
      this.width = width;
      this.height = height;
    }

    public double ratio() {
      return (double) width / height;
    }
  }

  /** What happens to a picture of another shape. */
  public enum Fit {
    /** It fills the whole; what is too much at its sides is cut off. */
    @JsonProperty("cover")
    COVER,
    /** It is seen whole, between black bars. */
    @JsonProperty("contain")
    CONTAIN,
    /** It is distorted. */
    @JsonProperty("stretch")
    STRETCH
  }

  public RenditionSpec(String name, int size, Aspect aspect, Fit fit) {
    this(name, size, aspect, fit, false, null);
  }

  public RenditionSpec {
    Ids.requireName("rendition", name);
    if (name.equals(SOURCE)) {
      throw new IllegalArgumentException(
          "'" + SOURCE + "' is what is cut from the recording; name the rendition otherwise");
    }
    if (!SIZES.contains(size)) {
      throw new IllegalArgumentException(
          "The size of the rendition '" + name + "' is one of " + SIZES + ", not " + size);
    }
    if (aspect == null && fit != null) {
      throw new IllegalArgumentException(
          "'fit' says how pictures get another shape; give the rendition '"
              + name
              + "' an aspect, or no fit");
    }
    fit = aspect != null && fit == null ? Fit.COVER : fit;
    if (loudness != null && !(loudness >= MIN_LOUDNESS && loudness <= MAX_LOUDNESS)) {
      throw new IllegalArgumentException(
          "The loudness of the rendition '"
              + name
              + "' is a number of LUFS from -40 to -5, such as -23 or -16, not "
              + loudness);
    }
    if (follow && fit != Fit.COVER) {
      throw new IllegalArgumentException(
          "'follow' chooses what 'cover' cuts off; give the rendition '"
              + name
              + "' an aspect and no other fit");
    }
  }
}
