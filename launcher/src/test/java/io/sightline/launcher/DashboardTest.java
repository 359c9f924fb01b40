package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Interval;
import io.sightline.records.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The dashboard in a real Chromium, against all roles in a process of their own. Cameras are played
 * by a video whose pictures carry their numbers and are decoded some time before they are shown. It
 * begins again every {@value #SECONDS} seconds; each time is a new epoch.
 */
class DashboardTest {

  private static final int RATE = 25;
  private static final int SECONDS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The numbers in the pictures move, too, above the ground. */
  private static final String CONFIGURATION =
      """
      streams:
        yard:
          inputs: [{ url: "file:CAMERA?realtime&loop" }]
          profile: ground
          zones: { ground: [[0, 0.3], [1, 0.3], [1, 1], [0, 1]] }
        frames-only:
          inputs: [{ url: "file:CAMERA?realtime&loop" }]
          record: false
      profiles:
        ground:
          sample: 5/s
          keepFrames: detections
          analyzers: [{ use: motion }, { use: audioLevel, pauseFor: 200ms }]
          classifier: { use: presence, labels: [motion], zones: [ground] }
          optimizer: { use: quietMarks }
      clips:
        renditions: [{ name: square, size: 360, aspect: 1:1 }]
      alerts:
        moving: { labels: [motion], streams: [yard], zones: [ground], cooldown: 1s }
      """;

  @TempDir static Path folder;

  private static RunningServer server;
  private static ChromeDriver browser;

  @BeforeAll
  static void start() throws IOException {
    if (!Browser.isInstalled()) {
      System.out.println(Browser.NOT_INSTALLED);
      return;
    }
    Path configuration = folder.resolve("sightline.yaml");
    Files.writeString(configuration, CONFIGURATION.replace("CAMERA", camera().toString()));
    server = RunningServer.start(configuration, folder.resolve("data"));
    browser = Browser.start(folder.resolve("browser"));
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.quit();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() {
    Assumptions.assumeTrue(browser != null, Browser.NOT_INSTALLED);
    browser.get("about:blank");
    browser.get(server.link());
    until("return document.querySelectorAll('stream-tile').length === 2");
    assertThat(browser.getCurrentUrl()).doesNotContain("token");
  }

  @AfterEach
  void nothingIsWrong() {
    if (browser != null) {
      assertThat(complaints()).isEmpty();
    }
  }

  @Test
  void page_withoutLink_asksForTheToken() {
    String token = server.link().substring(server.link().indexOf('=') + 1);
    browser.manage().deleteAllCookies();
    browser.navigate().refresh();
    until("return document.querySelector('form.login') !== null");
    // That nobody is logged in is an answer like another, but browsers call it an error.
    assertThat(complaints()).allMatch(said -> said.contains("401"));

    browser.findElement(By.name("token")).sendKeys(token + Keys.ENTER);

    until("return document.querySelectorAll('stream-tile').length === 2");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 90, 180, 270})
  void boxes_ofFramesThatWereTurned_lieWhereTheRecordingShowsThem(int degrees) {
    Point one = new Point(0.1, 0.2).turned(degrees);
    Point other = new Point(0.4, 0.3).turned(degrees);

    Object box =
        browser.executeAsyncScript(
            """
            const [left, top, width, height, turned, done] = arguments;
            import('./js/overlay.js').then(({ Detections, inRecording }) => {
              const seen = new Detections();
              seen.add({ positionMicros: 1, turned, detections: [{ confidence: 90, box: { left, top, width, height } }] });
              const [{ box }] = inRecording(seen.at(1));
              done([box.left, box.top, box.width, box.height].map((part) => part.toFixed(6)));
            });
            """,
            Math.min(one.x(), other.x()),
            Math.min(one.y(), other.y()),
            Math.abs(one.x() - other.x()),
            Math.abs(one.y() - other.y()),
            degrees);

    assertThat(box).isEqualTo(List.of("0.100000", "0.200000", "0.300000", "0.100000"));
  }

  @Test
  void tile_ofStreamThatIsRecorded_playsWithBoxesOverTheRightPicture() throws IOException {
    String watch = Files.readString(Path.of("src/test/resources/watch-tile.js"));

    @SuppressWarnings("unchecked")
    Map<String, Object> seen =
        (Map<String, Object>) browser.executeAsyncScript(watch, "yard", RATE);

    // Now and then a busy machine draws the next picture before it tells of it.
    assertThat(number(seen, "rightPictures") / number(seen, "pictures"))
        .as("" + seen)
        .isGreaterThan(0.8);
    assertThat(number(seen, "nearBoxes") / number(seen, "looks")).as("" + seen).isGreaterThan(0.9);
    assertThat(number(seen, "farthestBox")).as("" + seen).isLessThan(0.2);
    assertThat(number(seen, "withoutBox")).as("" + seen).isZero();
  }

  @Test
  void tile_ofStreamThatIsNotRecorded_showsItsLatestFrameWithBoxes() {
    String picture = "document.querySelector('stream-tile[data-stream=frames-only] img')";
    until("return " + picture + "?.naturalWidth === 320");
    Object first = browser.executeScript("return " + picture + ".src");
    until("return " + picture + ".src !== arguments[0]", first);

    until(
        """
        const canvas = document.querySelector('stream-tile[data-stream=frames-only] canvas');
        return canvas.width > 0
          && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
            .data.some((value, i) => i % 4 === 3 && value > 0);
        """);
  }

  @Test
  void results_asTheyCome_appearByThemselves() {
    browser.executeScript(
        """
        window.seen = new Set();
        for (const card of document.querySelectorAll('[data-segment], [data-alert]')) {
          window.seen.add(card.dataset.segment ?? card.dataset.alert);
        }
        """);

    until(
        """
        return [...document.querySelectorAll('alert-list [data-alert]')].some((card) =>
          !window.seen.has(card.dataset.alert) && card.querySelector('img')?.naturalWidth > 0);
        """);
    until(
        """
        return [...document.querySelectorAll('segment-list [data-segment]')].some((card) =>
          !window.seen.has(card.dataset.segment) && card.querySelector('.badge.length')
            && card.querySelector('img')?.src.includes('/clips/')
            && card.querySelector('img').naturalWidth > 0);
        """);
  }

  @Test
  void segment_whoseClipTakesLong_tellsHowFarItIs() {
    tabToSegmentWithClip();

    Object note =
        browser.executeAsyncScript(
            """
            const done = arguments[0];
            const app = document.querySelector('sightline-app');
            const { clip, ...segment } = app.segments.find((each) => each.clip && !each.open);
            const making = [{ id: clip.id, doing: 'cutting', percent: 42 }];
            app.segments = [{ ...segment, making }, ...app.segments.filter(({ id }) => id !== segment.id)];
            app.updateComplete.then(async () => {
              await document.querySelector('segment-list').updateComplete;
              done(document.querySelector(`[data-segment='${segment.id}'] .badge.note`).textContent);
            });
            """);

    assertThat(note).isEqualTo("being cut · 42 %");
  }

  @Test
  void replay_whoseMp4TakesLong_tellsHowFarItIs() {
    Object note =
        browser.executeAsyncScript(
            """
            const done = arguments[0];
            const { fetch } = window;
            // There is no such replay: nothing is asked of it.
            window.fetch = () => new Promise(() => {});
            const details = document.createElement('replay-details');
            details.replay = { id: 'goals', revision: 1 };
            details.leaving = true;
            details.found = { id: 'goals', state: 'ready', complete: false, rules: { mode: 'all' },
              making: [{ id: 'goals', doing: 'writing the MP4', percent: 42 }] };
            document.body.append(details);
            details.updateComplete.then(() => {
              done(details.querySelector('.making').textContent);
              details.remove();
              window.fetch = fetch;
            });
            """);

    assertThat(note).isEqualTo("writing the MP4 · 42 %");
  }

  @Test
  void segment_chosenWithTheKeyboard_playsUntilEscape() {
    String segment = tabToSegmentWithClip();

    browser.switchTo().activeElement().sendKeys(Keys.ENTER);

    untilClipPlays();
    String strip = "document.querySelector('dialog[open] img.strip')";
    until("return " + strip + ".naturalWidth === 8 * 160");
    browser.executeScript(
        """
        const strip = %s;
        const { left, top, width, height } = strip.getBoundingClientRect();
        strip.dispatchEvent(new MouseEvent('click', { clientX: left + width * 0.9, clientY: top + height / 2 }));
        """
            .formatted(strip));
    until(
        """
        const { currentTime, duration } = document.querySelector('dialog[open] video');
        return currentTime > duration * 0.85;
        """);
    browser.executeScript("document.querySelector('dialog[open] video').focus()");
    browser.switchTo().activeElement().sendKeys(Keys.ESCAPE);
    until("return document.querySelector('dialog[open]') === null");
    until("return document.activeElement.dataset.segment === arguments[0]", segment);
  }

  @Test
  void segment_relabelledInItsDialog_changesInTheList() {
    String label = "Someone with a remarkably long name, seen again " + System.nanoTime();
    String segment = tabToSegmentWithClip();
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    until("return document.querySelector('dialog[open] [name=label]') !== null");

    WebElement field = browser.findElement(By.cssSelector("dialog[open] [name=label]"));
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), label, Keys.ENTER);

    until(
        "return document.querySelector(`[data-segment='${arguments[0]}'] strong`).textContent"
            + " === arguments[1]",
        segment,
        label);
    until(
        "return document.querySelector('dialog[open] .head').textContent.includes(arguments[0])",
        label);
    // However long it is, nothing grows out of the window.
    until("return document.documentElement.scrollWidth <= window.innerWidth");
  }

  @Test
  void replay_ordered_playsUntilItIsDeleted() {
    String title = "Best of the yard " + System.nanoTime();
    tabToSegmentWithClip();
    browser.findElement(By.xpath("//button[.='New replay']")).click();
    WebElement field = browser.findElement(By.cssSelector("dialog[open] [name=title]"));
    browser
        .findElement(By.cssSelector("dialog[open] [data-field='transitions.fade.outMillis'] input"))
        .sendKeys("0.5", Keys.TAB);

    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), title, Keys.ENTER);

    String card =
        "[...document.querySelectorAll('[data-replay]')].find((card) => card.textContent.includes(arguments[0]))";
    until("return " + card + "?.disabled === false", title);
    browser.executeScript(card + ".focus()", title);
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    untilClipPlays();
    assertThat(
            browser.executeScript(
                "const [, id] = arguments[0].match(/replays\\/([^/]+)\\/timeline/);"
                    + "return fetch(`/api/v1/replays/${id}`).then((answer) => answer.json())"
                    + ".then(({ transitions }) => transitions.fade.outMillis)",
                browser
                    .findElement(By.cssSelector("dialog[open] .timelines a"))
                    .getDomAttribute("href")))
        .isEqualTo(500L);
    assertThat(
            browser.executeScript(
                "return Promise.all([...document.querySelectorAll('dialog[open] .timelines a')]"
                    + ".map((link) => fetch(link.href).then((answer) => answer.status)))"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(7)
        .containsOnly(200L);

    String goodbye = "document.querySelector('dialog[open] [name=goodbye]').click()";
    browser.executeScript(goodbye);
    until("return document.querySelector('dialog[open] .strong[name=goodbye]') !== null");
    browser.executeScript(goodbye);
    until("return document.querySelector('dialog[open]') === null");
    until("return " + card + " === undefined", title);
  }

  @Test
  void segment_liked_tellsSoAndCanBeTakenBack() {
    tabToSegmentWithClip();
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    String like = "document.querySelector('dialog[open] [data-vote=like]')";
    until("return " + like + "?.textContent === 'Like 0'");

    browser.executeScript(like + ".click()");

    until("return " + like + ".textContent === 'Like 1' && " + like + ".ariaPressed === 'true'");
    browser.executeScript(like + ".click()");
    until("return " + like + ".textContent === 'Like 0' && " + like + ".ariaPressed === 'false'");
  }

  @Test
  void segment_keptThenRemoved_isGoneFromTheList() {
    String segment = tabToSegmentWithClip();
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    String dialog = "document.querySelector('dialog[open]')";
    String keep = dialog + "?.querySelector('[name=keep]')";
    until("return " + keep + "?.ariaPressed === 'false'");

    browser.executeScript(keep + ".click()");
    until("return " + keep + "?.ariaPressed === 'true'");
    browser.executeScript(dialog + ".querySelector('[name=goodbye]').click()");
    until("return " + dialog + ".querySelector('.strong[name=goodbye]') !== null");
    browser.executeScript(dialog + ".querySelector('[name=goodbye]').click()");

    until("return document.querySelector('dialog[open]') === null");
    until("return document.querySelector(`[data-segment='${arguments[0]}']`) === null", segment);
  }

  @Test
  void segment_playsInAnotherShape() {
    tabToSegmentWithClip();
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    String dialog = "document.querySelector('dialog[open]')";
    untilClipPlays();
    // It may be made a moment after the clip: then people open it again.
    until(
        """
        const chosen = document.querySelector('dialog[open] .renditions:not(.marks) button:last-child');
        if (chosen) {
          chosen.click();
          return true;
        }
        document.querySelector('dialog[open]').close();
        document.querySelector("[data-segment]:has(img[src*='/clips/'])").click();
        return false;
        """);

    until("return " + dialog + ".querySelector('video').videoWidth === 360");
    until("return " + dialog + ".querySelector('video').videoHeight === 360");
    untilClipPlays();
    assertThat(browser.findElement(By.linkText("Download MP4")).getDomAttribute("href"))
        .contains(".square/clip.mp4");
  }

  @Test
  void segment_playsWithTheMarksOfItsSoundTrack() {
    tabToSegmentWithClip();
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    untilClipPlays();
    String marks = "[...document.querySelectorAll('dialog[open] .marks button')]";
    // It comes some seconds after the clip, by itself.
    until(
        "return "
            + marks
            + ".map((each) => each.textContent).join() === 'original,optimized, track 1'");
    assertThat(browser.executeScript("return " + marks + "[1].title").toString())
        .startsWith("Start: It ")
        .contains(". End: It ");

    browser.executeScript(marks + "[0].focus()");
    browser.switchTo().activeElement().sendKeys(Keys.TAB);
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);

    until("return " + marks + "[1].getAttribute('aria-pressed') === 'true'");
    untilClipPlays();
    assertThat(browser.findElement(By.linkText("Download MP4")).getDomAttribute("href"))
        .contains(".optimized.a1.");
  }

  @Test
  void replay_byConditions_isChosenFromOrderedAndTrimmedWithTheKeyboard() {
    String title = "Why " + System.nanoTime();
    until("return document.querySelectorAll(\"[data-segment] img[src*='/clips/']\").length > 1");
    browser.findElement(By.xpath("//button[.='New replay']")).sendKeys(Keys.ENTER);
    WebElement field = browser.findElement(By.cssSelector("dialog[open] [name=title]"));
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), title, Keys.TAB, Keys.ARROW_RIGHT);
    until("return document.activeElement.value === 'features'");

    field.sendKeys(Keys.ENTER);
    until(
        "return document.querySelector(\"dialog[open] [data-field='rules.where'] > .problem\")"
            + "?.textContent.includes('needs conditions') === true");
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    until("return document.activeElement.ariaLabel === 'What is looked at'");
    browser.switchTo().activeElement().sendKeys(Keys.TAB, Keys.TAB);
    browser.switchTo().activeElement().sendKeys("motion", Keys.ENTER);
    field.sendKeys(Keys.ENTER);

    String card =
        "[...document.querySelectorAll('[data-replay]')].find((card) => card.textContent.includes(arguments[0]))";
    until("return " + card + "?.querySelector('img')?.naturalWidth > 0", title);
    browser.executeScript(card + ".focus()", title);
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    String rows = "[...document.querySelectorAll('dialog[open] ol.decisions > li')]";
    until("return " + rows + ".length > 1");
    until("return " + rows + "[0].textContent.includes('it meets: label is motion')");
    until("return " + rows + "[0].querySelector('.handle') !== null");

    Object first = browser.executeScript("return " + rows + "[0].dataset.item");
    browser.executeScript(rows + "[0].querySelector('.handle').focus()");
    browser.switchTo().activeElement().sendKeys(Keys.ARROW_DOWN);
    String made =
        "document.querySelector('dialog[open] replay-items [role=status]').textContent === ''";
    until("return " + made + " && " + rows + "[1].dataset.item === arguments[0]", first);
    until("return document.activeElement.closest('li')?.dataset.item === arguments[0]", first);

    browser.executeScript(rows + "[0].querySelector('[data-action=trim]').focus()");
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    until("return document.querySelector('dialog[open] trim-editor .playhead') !== null");
    List<WebElement> marks =
        browser.findElements(By.cssSelector("dialog[open] trim-editor .timecode"));
    String in = marks.get(0).getDomProperty("value");
    marks.get(1).sendKeys(Keys.chord(Keys.CONTROL, "a"), in, Keys.TAB);
    until(
        "return document.querySelector('dialog[open] .mark:nth-child(2) > .problem')"
            + "?.textContent.includes('must end after it starts') === true");
    String editor = "document.querySelector('dialog[open] trim-editor')";
    until("return " + editor + ".at > " + editor + ".marks.startMicros + 400000");
    browser.switchTo().activeElement().sendKeys("o");
    until("return " + rows + "[0].querySelector('.tag')?.textContent === 'trimmed'");
    assertThat(
            browser.executeScript(
                "return document.querySelector('dialog[open] replay-details').found.rules"
                    + ".decisions.trims[0].endMicros === "
                    + editor
                    + ".marks.endMicros"))
        .isEqualTo(true);

    browser.executeScript(rows + "[1].querySelector('[data-action=ban]').focus()");
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    until(
        "return document.querySelector(`dialog[open] ul.decisions > li[data-item='${arguments[0]}']`)"
            + "?.textContent.includes('a person banned it') === true",
        first);
    // What is asked wrongly is refused, and a version that is no more cannot be played on.
    assertThat(complaints())
        .allMatch(said -> said.contains("status of 422") || said.contains("status of 410"));
  }

  @Test
  void page_whenTheServerComesBack_goesOn() throws IOException {
    String position =
        "return document.querySelector('stream-tile[data-stream=yard]').positionMicros()";
    until(position + " > 0");

    server.close();
    until("return document.querySelector('.state.away') !== null");
    long away = System.currentTimeMillis() * 1_000;
    server.restart();

    until("return document.querySelector('.top .state.live') !== null");
    until(position + " > arguments[0]", away);
    // Only that it was away is said of that time.
    // While it stops it says that it does, and then nothing.
    assertThat(complaints())
        .allMatch(said -> said.contains("net::ERR_") || said.contains("status of 503"));
  }

  /** A browser opens six to a server, for all its pages together. */
  @Test
  void pagesThatWereLeft_holdNoConnections() {
    for (int page = 0; page < 3; page++) {
      open();
      until("return document.querySelector('.top .state.live') !== null");
    }

    until(
        """
        return fetch('/metrics').then((answer) => answer.text())
          .then((text) => /^sightline_live_clients\\S* 1.0$/m.test(text));
        """);
  }

  /** Goes from the top of the page to the first segment that can be played, as people do. */
  private static String tabToSegmentWithClip() {
    until("return document.querySelector(\"[data-segment] img[src*='/clips/']\") !== null");
    for (int tabs = 0; tabs < 100; tabs++) {
      WebElement active = browser.switchTo().activeElement();
      String segment = active.getDomAttribute("data-segment");
      if (segment != null && active.getDomProperty("innerHTML").contains("/clips/")) {
        return segment;
      }
      active.sendKeys(Keys.TAB);
    }
    throw new AssertionError("No segment can be reached with the Tab key");
  }

  private static void untilClipPlays() {
    until("return document.querySelector('dialog[open] video')?.currentTime > 1");
    assertThat(browser.findElements(By.cssSelector("dialog[open] .problem"))).isEmpty();
  }

  private static double number(Map<String, Object> seen, String name) {
    return ((Number) seen.get(name)).doubleValue();
  }

  private static void until(String script, Object... arguments) {
    new WebDriverWait(browser, PATIENCE, Duration.ofMillis(100))
        .withMessage(() -> "until " + script + "\nPage: " + tiles() + "\nServer:\n" + server.log())
        .until(any -> Boolean.TRUE.equals(browser.executeScript(script, arguments)));
  }

  private static Object tiles() {
    return browser.executeScript(
        """
        return [...document.querySelectorAll('stream-tile')].map((tile) => {
          const { currentTime, readyState, paused, buffered } = tile.querySelector('video');
          const end = buffered.length ? buffered.end(buffered.length - 1) : null;
          return JSON.stringify({
            name: tile.stream.name, state: tile.stream.state, playing: tile.playing,
            position: tile.positionMicros(), currentTime, readyState, paused, end,
          });
        });
        """);
  }

  /** What the browser has against the page: errors, violations of its security policy. */
  private static List<String> complaints() {
    return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  private static Path camera() throws IOException {
    TestVideo video =
        TestVideo.plain()
            .rate(RATE + "/1")
            .pictures(RATE * SECONDS)
            .boxes(new Interval(3, 7), new Interval(10, 13));
    Path silent = folder.resolve("silent.mp4");
    CameraVideo.write(video, silent);
    // Something is heard but for four short pauses, none where something comes or goes.
    String pauses = "between(t,1,1.5)+between(t,8.2,8.7)+between(t,9,9.3)+between(t,14,14.5)";
    String sound = "aevalsrc='0.1*sin(6283*t)*(1-(" + pauses + "))':d=" + SECONDS;
    Path file = folder.resolve("camera.mp4");
    FfmpegProgram.make(
        List.of(
            "-i",
            silent.toString(),
            "-f",
            "lavfi",
            "-i",
            sound,
            "-c:v",
            "copy",
            "-c:a",
            "aac",
            file.toString()),
        in -> {});
    return file;
  }
}
