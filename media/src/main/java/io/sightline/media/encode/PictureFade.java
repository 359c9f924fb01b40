package io.sightline.media.encode;

import java.util.function.LongToDoubleFunction;

/**
 * How pictures come out of a backdrop or go into it.
 *
 * @param shown how much of a picture is seen at its presentation time, from 0, when only the
 *     backdrop is, to 1
 */
public record PictureFade(Backdrop backdrop, LongToDoubleFunction shown) {}
