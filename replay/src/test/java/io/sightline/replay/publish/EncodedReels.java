package io.sightline.replay.publish;

import io.sightline.media.cut.ByteSource;
import io.sightline.records.ClipIndex;
import io.sightline.records.ReelPiece;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.replay.publish.OtherEncodings.Encoding;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Replays in the encodings in which they are published, and publishing itself. */
public final class EncodedReels {

  private final OtherEncodings encodings;

  public EncodedReels(RecordStore records, ByteSource bytes) {
    encodings = new OtherEncodings(records, bytes);
  }

  /** That a rendition was made, as the stage hears it. */
  public static void made(Rendition rendition, Path web, ObjectStore objects, RecordStore records)
      throws Exception {
    PublishPlace place = new PublishPlace(web.toString(), "https://video.example/replays");
    new PublishWork(place, place.open(), objects, records, Clock.systemUTC()).made(rendition);
  }

  /** By name. */
  public Map<String, ClipIndex> of(Replay replay) throws Exception {
    List<ReelPiece> pieces = ReelPiece.of(replay, encodings.shown(replay));
    Map<String, ClipIndex> reels = new LinkedHashMap<>();
    for (Encoding one : encodings.of(pieces)) {
      reels.put(one.name(), encodings.reel(replay, pieces, one));
    }
    return reels;
  }
}
