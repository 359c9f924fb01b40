package io.sightline.edgecapture.folder;

import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;

/** Whether an opened file is of use to the stream. */
public interface MediaCheck {

  /**
   * @throws MediaException with a sentence, when it is not
   */
  void check(MediaSource source) throws MediaException;
}
