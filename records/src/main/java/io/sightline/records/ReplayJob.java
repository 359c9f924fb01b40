package io.sightline.records;

import java.util.List;

/**
 * The encoding of a replay as a whole, for distribution, by a service. A replay has one at most:
 * that of its newest version.
 *
 * @param version of the replay that is encoded
 * @param streams that the replay shows
 * @param askedMicros when it was asked for, by the wall clock; tells it from earlier ones of the
 *     same version
 * @param by who asked
 * @param doing what is being done, in words; null when nothing is
 * @param percent of that which is done, 0 to 100
 * @param estimate what it costs; null until its size is known
 * @param jobs their ids with the service, in order of play, as far as they are known
 * @param hlsKey object key of the master playlist; null until it is ready
 * @param mp4Key object key of the MP4; null until it is ready
 * @param location of its folder, as others than this installation know it; null until it is ready
 * @param error why it failed; null when it did not
 */
public record ReplayJob(
    String replay,
    int version,
    List<String> streams,
    MediaState state,
    long askedMicros,
    String by,
    String doing,
    int percent,
    JobEstimate estimate,
    List<String> jobs,
    String hlsKey,
    String mp4Key,
    String location,
    String error,
    int revision) {

  public ReplayJob {
    Ids.requireName("replay", replay);
    streams = streams == null ? List.of() : List.copyOf(streams);
    jobs = jobs == null ? List.of() : List.copyOf(jobs);
  }

  /** One of which nothing is done yet. */
  public static ReplayJob asked(ReplayJobRequest request, List<String> streams, int revision) {
    return new ReplayJob(
        request.replay(),
        request.version(),
        streams,
        MediaState.PENDING,
        request.atMicros(),
        request.by(),
        null,
        0,
        null,
        List.of(),
        null,
        null,
        null,
        null,
        revision);
  }

  /** Names it apart from all others: of another version, or asked for at another time. */
  public String id() {
    return replay + "/" + version + "/" + askedMicros;
  }

  /** The folder of its objects, ending with a slash; no rendition's name has a dot. */
  public String folder() {
    return "replays/" + replay + "/" + version + "/job." + Ids.fixedWidth(askedMicros) + "/";
  }

  /** The same, further on. */
  public ReplayJob at(String what, int done, JobEstimate cost, List<String> known) {
    return new ReplayJob(
        replay,
        version,
        streams,
        MediaState.PENDING,
        askedMicros,
        by,
        what,
        done,
        cost,
        known,
        null,
        null,
        null,
        null,
        revision + 1);
  }

  /** The same, made. */
  public ReplayJob ready(String hls, String mp4, String where) {
    return ended(MediaState.READY, hls, mp4, where, null);
  }

  /** The same, of which nothing is left. */
  public ReplayJob ended(MediaState how, String why) {
    return ended(how, null, null, null, why);
  }

  private ReplayJob ended(MediaState how, String hls, String mp4, String where, String why) {
    return new ReplayJob(
        replay,
        version,
        streams,
        how,
        askedMicros,
        by,
        null,
        how == MediaState.READY ? 100 : percent,
        estimate,
        jobs,
        hls,
        mp4,
        where,
        why,
        revision + 1);
  }
}
