package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceTrack;
import java.nio.file.Path;
import java.util.List;

/**
 * A look at a source before anything is started, so that what cannot work is refused with one
 * sentence.
 *
 * @param durationMicros -1 when unknown or endless
 * @param startMicros position at which its first epoch would begin; 0 for a live source
 * @param note what would be left out, such as a track that cannot be recorded; null when nothing
 */
public record SourceCheck(
    String safeUrl,
    boolean live,
    long durationMicros,
    long startMicros,
    List<SourceTrack> tracks,
    String note) {

  /**
   * Opens a source and closes it again. Blocking, bounded by the open timeout.
   *
   * @param url as declared for an input
   * @param directory against which a relative path is resolved
   * @param needsPictures whether something will look at it
   * @throws MediaException with a sentence for people; {@code NOT_FOUND}, {@code UNAUTHORIZED},
   *     {@code MALFORMED} and {@code UNSUPPORTED} will not pass by trying again
   */
  public static SourceCheck open(String url, Path directory, boolean needsPictures)
      throws MediaException {
    InputUrl input;
    try {
      input = InputUrl.parse(url, directory.toAbsolutePath());
    } catch (IllegalArgumentException e) {
      throw new MediaException(MediaException.Reason.UNSUPPORTED, e.getMessage(), e);
    }
    try (PacketSource source = PulledInput.look(input)) {
      TrackChoice choice = TrackChoice.of(source.tracks(), true, true);
      choice.require(needsPictures, input.safeUrl());
      long start =
          !input.live() && source instanceof MediaSource file
              ? FileIdentity.of(input.file(), file).startMicros()
              : 0;
      return new SourceCheck(
          input.safeUrl(),
          input.live(),
          source.durationMicros(),
          start,
          source.tracks(),
          choice.note());
    }
  }

  public boolean hasPictures() {
    return tracks.stream().anyMatch(SourceTrack::isVideo);
  }
}
