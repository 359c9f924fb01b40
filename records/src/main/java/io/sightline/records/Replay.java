package io.sightline.records;

/**
 * The header of a replay; its decisions are {@link ReplayItem}s, its media the clips they name.
 *
 * @param version names the selection: changes when something other than an append changed, so that
 *     a playlist URL never changes its past
 * @param segments how many are in
 * @param complete whether nothing more can come
 * @param indexKey object key of its reel (a ClipIndex over all clips); null until there is one
 * @param mp4Key object key of its MP4; null until there is one, or when none was asked for
 * @param publish whether it is copied to where the installation publishes, see {@link Published}
 * @param audioTrack the only sound track that plays, 1-based; null for all
 * @param requestRevision revision of the request it answers
 * @param error why it failed; null when it did not
 * @param joins tells how its items are joined from other ways: with another one it is another
 *     version; null when one begins as the other ends
 */
public record Replay(
    String id,
    String title,
    ReplayRequest.Selection selection,
    MediaState state,
    int version,
    int segments,
    long durationMicros,
    boolean complete,
    boolean mp4,
    String indexKey,
    String mp4Key,
    long createdMicros,
    int requestRevision,
    String error,
    int revision,
    boolean publish,
    Integer audioTrack,
    String joins) {

  /** One whose items begin as the ones before end. */
  public Replay(
      String id,
      String title,
      ReplayRequest.Selection selection,
      MediaState state,
      int version,
      int segments,
      long durationMicros,
      boolean complete,
      boolean mp4,
      String indexKey,
      String mp4Key,
      long createdMicros,
      int requestRevision,
      String error,
      int revision,
      boolean publish,
      Integer audioTrack) {
    this(
        id,
        title,
        selection,
        state,
        version,
        segments,
        durationMicros,
        complete,
        mp4,
        indexKey,
        mp4Key,
        createdMicros,
        requestRevision,
        error,
        revision,
        publish,
        audioTrack,
        null);
  }

  /** One with all sound. */
  public Replay(
      String id,
      String title,
      ReplayRequest.Selection selection,
      MediaState state,
      int version,
      int segments,
      long durationMicros,
      boolean complete,
      boolean mp4,
      String indexKey,
      String mp4Key,
      long createdMicros,
      int requestRevision,
      String error,
      int revision,
      boolean publish) {
    this(
        id,
        title,
        selection,
        state,
        version,
        segments,
        durationMicros,
        complete,
        mp4,
        indexKey,
        mp4Key,
        createdMicros,
        requestRevision,
        error,
        revision,
        publish,
        null);
  }

  /** One that is not published. */
  public Replay(
      String id,
      String title,
      ReplayRequest.Selection selection,
      MediaState state,
      int version,
      int segments,
      long durationMicros,
      boolean complete,
      boolean mp4,
      String indexKey,
      String mp4Key,
      long createdMicros,
      int requestRevision,
      String error,
      int revision) {
    this(
        id,
        title,
        selection,
        state,
        version,
        segments,
        durationMicros,
        complete,
        mp4,
        indexKey,
        mp4Key,
        createdMicros,
        requestRevision,
        error,
        revision,
        false);
  }

  public Replay {
    Ids.requireName("replay", id);
  }

  /** What of a clip plays in it, or of a rendition of that. */
  public ClipIndex played(ClipIndex clip) {
    return audioTrack == null ? clip : clip.withSound(audioTrack);
  }
}
