package io.sightline.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium without a screen. */
public final class Browser {

  public static final String NOT_INSTALLED =
      "Skipped: chromium and chromedriver are not both on the path.";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path CHROMIUM = installed("chromium", "chromium-browser", "google-chrome");
  private static final Path DRIVER = installed("chromedriver");

  private Browser() {}

  public static boolean isInstalled() {
    return CHROMIUM != null && DRIVER != null;
  }

  /** Starts one with a profile of its own, which logs all that pages complain of. */
  public static ChromeDriver start(Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--autoplay-policy=no-user-gesture-required",
        "--window-size=1400,1000",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    ChromeDriver started = new ChromeDriver(service, options);
    started.manage().timeouts().scriptTimeout(PATIENCE);
    return started;
  }

  private static Path installed(String... names) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      for (String name : names) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
    }
    return null;
  }
}
