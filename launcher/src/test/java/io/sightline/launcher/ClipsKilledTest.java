package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.bus.Topic;
import io.sightline.bus.broker.BrokerProcess;
import io.sightline.launcher.installation.Folders;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Clip;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clipper and replay, each in a process of its own, are ended by {@code kill -9} while it is known
 * that they cut a clip, encode a fade, build a replay or publish it. Whatever is played then or
 * after it is there, and in the end everything that was asked for is there once, as an undisturbed
 * run leaves it.
 *
 * <p>{@code -Dsightline.kills=10} kills at each kind of work that often instead of four times in
 * all; {@code -Dsightline.kills.seed} and {@code -Dsightline.kills.folder} choose the moments, and
 * where all is left to be looked at.
 */
class ClipsKilledTest {

  /** How names begin of what a clip that fades is made of, and of what tells of all of it. */
  private static final Set<String> FADE_PIECES = Set.of("before-", "in-", "out-");

  private static final String PART = "faded-";

  private static final int FILM_SECONDS = 20;
  private static final int FILM_SECONDS_PER_ROUND = 10;
  private static final int PORTION = 2;
  private static final int ATTEMPTS = 4;
  private static final int MOST_SEEN_BEFORE = 4;
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration QUIET = Duration.ofMillis(500);
  private static final Duration ITEMS_FOLLOW = Duration.ofMillis(200);

  /** What a process is known to be doing when a file comes to be. */
  private enum Work {
    CUT("clipper", false),
    FADE("clipper", false),
    BUILD("replay", true),
    ITEMS("replay", true),
    COPY("replay", false),
    PUBLISH("replay", false);

    private final String role;

    /** Whether it takes some milliseconds, which a busy machine may let pass. */
    private final boolean isShort;

    Work(String role, boolean isShort) {
      this.role = role;
      this.isShort = isShort;
    }
  }

  /** A kill to come, when its work has been seen so often. */
  private static final class Kill {

    private final Work work;
    private int toSee;
    private int attempts;

    Kill(Work work, int toSee) {
      this.work = work;
      this.toSee = toSee;
    }
  }

  @TempDir Path temporary;

  private final Path folder = Path.of(System.getProperty("sightline.kills.folder", ""));
  private final int perWork = Integer.getInteger("sightline.kills", 0);
  private final long seed = Long.getLong("sightline.kills.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<Work, Integer> inTheMiddle = new EnumMap<>(Work.class);
  private final Map<Work, Integer> beside = new EnumMap<>(Work.class);
  private final Recording recording = new Recording(ClipsInstallation.STREAM);
  private int walks;
  private int walked;

  @Test
  void clipperAndReplay_killedInTheMiddleOfTheirWork_leaveNothingDanglingOrUndone()
      throws Exception {
    Path work = folder.toString().isEmpty() ? temporary : Files.createDirectories(folder);
    int seconds = FILM_SECONDS + perWork * FILM_SECONDS_PER_ROUND;
    recording.add(TestVideo.plain().size(160, 90).sound().pictures(25 * seconds).file());
    List<Kill> kills = kills();
    Set<Work> meant = new HashSet<>(kills.stream().map(kill -> kill.work).toList());

    long start = System.nanoTime();
    // It starts while the other one waits for what was killed.
    ExecutorService beside = Executors.newSingleThreadExecutor();
    Future<ClipsInstallation> calm =
        beside.submit(() -> new ClipsInstallation(folder(work, "calm"), recording));
    try (ClipsInstallation killed = new ClipsInstallation(folder(work, "killed"), recording)) {
      follow(killed, kills);
      long between = System.nanoTime();
      calm.get().given.giveLast(killed.given.given());
      await(calm.get());
      String facts = facts(killed, between - start, System.nanoTime() - between);
      System.out.println(facts);
      meant.removeIf(one -> perWork == 0 && one.isShort);
      assertThat(inTheMiddle.keySet()).as(facts).containsAll(meant);
      assertSame(killed, calm.get(), facts);
      assertTold(killed);
    } finally {
      beside.shutdown();
      calm.get().close();
    }
  }

  private static Path folder(Path work, String name) throws IOException {
    return Files.createDirectories(work.resolve(name));
  }

  private List<Kill> kills() {
    List<Work> works = new ArrayList<>();
    if (perWork > 0) {
      for (int round = 0; round < perWork; round++) {
        List<Work> shuffled = new ArrayList<>(List.of(Work.values()));
        Collections.shuffle(shuffled, random);
        works.addAll(shuffled);
      }
    } else {
      // Each build takes another one of the replay's; together they take all.
      List<Work> building = List.of(Work.BUILD, Work.ITEMS);
      List<Work> publishing = List.of(Work.COPY, Work.PUBLISH);
      works.addAll(List.of(Work.CUT, building.get(random.nextInt(2))));
      works.addAll(List.of(Work.FADE, publishing.get(random.nextInt(2))));
    }
    List<Kill> kills = new ArrayList<>();
    works.forEach(work -> kills.add(new Kill(work, toSee())));
    return kills;
  }

  private int toSee() {
    return 1 + random.nextInt(MOST_SEEN_BEFORE);
  }

  /** Kills what is due, gives more to do where there is nothing left, until all is done. */
  private void follow(ClipsInstallation killed, List<Kill> kills) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(perWork > 0 ? 60 : 8).toNanos();
    killed.given.give(PORTION);
    boolean last = false;
    while (true) {
      // To ask whether all is done takes a moment in which much may happen: only when nothing does.
      Optional<Path> file = killed.watch.next(QUIET);
      if (file.isPresent()) {
        Optional<Kill> due = due(killed, kills, file.get());
        if (due.isPresent()) {
          strike(killed, kills, due.get(), file.get());
        }
      } else if (killed.done()) {
        if (last) {
          break;
        }
        if (isTimeForTheLast(killed, kills)) {
          kills.forEach(kill -> kill.toSee = 1);
          last = true;
          killed.given.giveLast(PORTION);
        } else {
          killed.given.give(PORTION);
        }
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "Not done in time; " + facts(killed, 0, 0) + "\n" + killed.roles.errors());
      }
    }
    walk(killed, killed.given.given());
  }

  /** The last kill comes while replays are completed, where its moment is long enough to be met. */
  private static boolean isTimeForTheLast(ClipsInstallation killed, List<Kill> kills) {
    return kills.isEmpty()
        || kills.size() == 1 && !kills.get(0).work.isShort
        || killed.given.given() + 2 * PORTION > killed.given.most();
  }

  /** The kill that a file is the moment for. */
  private Optional<Kill> due(ClipsInstallation killed, List<Kill> kills, Path file)
      throws Exception {
    Set<String> roles = new HashSet<>();
    for (Kill kill : kills) {
      // Of each process the first to come.
      if (roles.add(kill.work.role)
          && works(killed, file).contains(kill.work)
          && killed.roles.readyForNanos(kill.work.role) > 0
          && --kill.toSee <= 0
          && (kill.work != Work.BUILD || underWay(killed, kill.work, file))
          && (kill.work != Work.ITEMS || itemsAreAhead(killed, file))) {
        return Optional.of(kill);
      }
    }
    return Optional.empty();
  }

  private static List<Work> works(ClipsInstallation killed, Path file) {
    String name = file.getFileName().toString();
    if (file.startsWith(killed.web())) {
      return name.startsWith(".draft-") ? List.of(Work.COPY) : List.of(Work.PUBLISH);
    }
    if (file.startsWith(killed.objects("replays"))) {
      return name.startsWith("index-") ? List.of(Work.BUILD, Work.ITEMS) : List.of();
    }
    if (name.startsWith(PART)) {
      return List.of();
    }
    return FADE_PIECES.stream().anyMatch(name::startsWith) ? List.of(Work.FADE) : List.of(Work.CUT);
  }

  /** Waits a little until decisions of a replay are stored that its header does not know. */
  private static boolean itemsAreAhead(ClipsInstallation killed, Path index) throws Exception {
    String replay = replayOf(killed.objects("replays"), index);
    long end = System.nanoTime() + ITEMS_FOLLOW.toNanos();
    while (System.nanoTime() < end) {
      long items =
          killed.holdings.records(StoreKeys.replayItems(replay)).stream()
              .filter(item -> item.contains("\"included\":true"))
              .count();
      if (items > killed.results().replay(replay).map(Replay::segments).orElse(0)) {
        return true;
      }
    }
    return false;
  }

  private static String replayOf(Path root, Path file) {
    return root.relativize(file).getName(0).toString();
  }

  private void strike(ClipsInstallation killed, List<Kill> kills, Kill kill, Path file)
      throws Exception {
    killed.roles.killAndRestart(kill.work.role);
    boolean hit = underWay(killed, kill.work, file);
    (hit ? inTheMiddle : beside).merge(kill.work, 1, Integer::sum);
    if (hit || ++kill.attempts == ATTEMPTS) {
      kills.remove(kill);
    } else {
      kill.toSee = kills.size() < 2 ? 1 : toSee();
    }
    walk(killed, 2 * PORTION);
    // What came meanwhile is no moment any more.
    killed.watch.skip();
  }

  /** Whether what was being made when the process was killed is not there. */
  private static boolean underWay(ClipsInstallation killed, Work work, Path file) throws Exception {
    return switch (work) {
      case CUT -> killed.results().clip(file.getParent().getFileName().toString()).isEmpty();
      case FADE -> !partFollowed(file);
      case BUILD, ITEMS -> {
        String name = file.getFileName().toString();
        int segments = Integer.parseInt(name.replaceAll("\\D", ""));
        String replay = replayOf(killed.objects("replays"), file);
        yield killed.results().replay(replay).map(Replay::segments).orElse(0) < segments;
      }
      case COPY, PUBLISH -> !killed.isPublished(replayOf(killed.web(), file));
    };
  }

  private static boolean partFollowed(Path piece) throws IOException {
    FileTime made = Files.getLastModifiedTime(piece);
    try (Stream<Path> all = Files.list(piece.getParent())) {
      for (Path one : all.toList()) {
        String name = one.getFileName().toString();
        if (name.startsWith(PART)
            && name.endsWith(".json")
            && Files.getLastModifiedTime(one).compareTo(made) >= 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static void await(ClipsInstallation one) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
    while (!one.done()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Not done in time\n" + one.roles.errors());
      }
      one.roles.awaitEnd(LOOK);
    }
  }

  /**
   * Plays everything there is: from the folder of what is published, and from the gateway.
   *
   * @param clips how many of the newest, as they never change
   */
  private void walk(ClipsInstallation killed, int clips) throws Exception {
    int files = PlaylistUris.assertNothingDangles(killed.web());
    for (String replay : killed.replays.values()) {
      JsonNode hls = killed.viewer.get("/replays/" + replay).at("/media/hls");
      files += hls.isMissingNode() ? 0 : killed.viewer.follow(hls.asText());
    }
    List<Clip> newest = new ArrayList<>(killed.results().clips().values());
    newest.sort(Comparator.comparing(Clip::id).reversed());
    for (Clip clip : newest.subList(0, Math.min(clips, newest.size()))) {
      JsonNode hls = killed.viewer.get("/clips/" + clip.id()).at("/media/hls");
      assertThat(hls.asText()).as(clip.id()).isNotEmpty();
      files += killed.viewer.follow(hls.asText());
    }
    walks++;
    walked += files;
  }

  private static void assertSame(ClipsInstallation killed, ClipsInstallation calm, String facts)
      throws Exception {
    assertThat(killed.results().clips()).as(facts).hasSize(killed.given.given());
    assertThat(killed.holdings.records(StoreKeys.clips(ClipsInstallation.STREAM)))
        .as(facts)
        .isEqualTo(calm.holdings.records(StoreKeys.clips(ClipsInstallation.STREAM)))
        .hasSize(killed.given.given());
    assertThat(killed.holdings.objects("streams/")).isEqualTo(calm.holdings.objects("streams/"));
    assertThat(lasting(killed)).as(facts).isEqualTo(lasting(calm));
    for (String title : List.of(ClipsInstallation.PLAIN, ClipsInstallation.FADED)) {
      assertThat(header(killed, title)).as(facts).isEqualTo(header(calm, title));
      assertThat(items(killed, title)).as(facts).isEqualTo(items(calm, title));
      Map<String, String> files = publishedFiles(killed, title);
      assertThat(files).as("%s of %s", title, facts).isEqualTo(publishedFiles(calm, title));
      assertThat(files).containsKeys("track-1.m3u8", "track-2.m3u8", "replay.mp4", "poster.jpg");
      Path master = killed.web().resolve(killed.replays.get(title)).resolve("master.m3u8");
      assertThat(FfmpegProgram.decodesCleanly(master)).as(facts).isEmpty();
    }
  }

  /** Which clip was the first of a replay for a while, and did not fade in, is of the moment. */
  private static List<String> lasting(ClipsInstallation one) throws Exception {
    return one.holdings.objects("clips/").stream().filter(key -> !key.contains("/faded-")).toList();
  }

  /** What is said of a replay, but for what it was called and how often it was told. */
  private static String header(ClipsInstallation one, String title) throws Exception {
    Replay replay = one.results().replay(one.replays.get(title)).orElseThrow();
    assertThat(replay.complete()).isTrue();
    ObjectNode node = Json.MAPPER.valueToTree(replay);
    node.remove(List.of("id", "createdMicros", "revision", "version"));
    return node.toString()
        .replace(replay.id(), "ID")
        .replace("/" + replay.version() + "/", "/VERSION/");
  }

  private static List<String> items(ClipsInstallation one, String title) throws Exception {
    Replay replay = one.results().replay(one.replays.get(title)).orElseThrow();
    List<ReplayItem> items = one.results().reel(replay);
    assertThat(items).extracting(ReplayItem::segment).doesNotHaveDuplicates();
    return items.stream()
        .map(item -> item.order() + " " + item.clip() + " " + item.offsetMicros() + item.reason())
        .toList();
  }

  /** Names and contents of all files of its newest version. */
  private static Map<String, String> publishedFiles(ClipsInstallation one, String title)
      throws Exception {
    String replay = one.replays.get(title);
    Path version = one.web().resolve(replay).resolve("" + one.published(replay).version());
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(version)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(version.relativize(file).toString(), Ids.digest(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private static void assertTold(ClipsInstallation killed) throws IOException {
    String bootstrap = BrokerProcess.bootstrapOf(new Folders(killed.data).broker());
    for (Topic topic : List.of(Topic.CLIPS, Topic.REPLAYS)) {
      TopicContents contents = TopicContents.read(bootstrap, topic.id());
      assertThat(contents.contradictions()).isEmpty();
      System.out.printf(
          "%s: %d, and %d repeats%n", topic.id(), contents.records().size(), contents.repeats());
    }
  }

  private String facts(ClipsInstallation killed, long killedNanos, long calmNanos) {
    return String.format(
        "seed %d; killed %d s, undisturbed %d s; %d segments; killed in the middle of %s, beside it"
            + " %s; ended by themselves %d; %d files in %d walks",
        seed,
        killedNanos / 1_000_000_000,
        calmNanos / 1_000_000_000,
        killed.given.given(),
        inTheMiddle,
        beside,
        killed.roles.restarts(),
        walked,
        walks);
  }
}
