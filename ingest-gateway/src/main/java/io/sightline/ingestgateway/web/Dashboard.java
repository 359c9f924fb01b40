package io.sightline.ingestgateway.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dashboard's files, and the libraries it uses, from the class path. Libraries are found under
 * {@code /vendor/{name}/} whatever their version. Without them on the class path there is just no
 * dashboard.
 */
public final class Dashboard {

  private static final String FOLDER = "web-ui";
  private static final String INDEX = FOLDER + "/index.html";
  private static final Pattern INLINE =
      Pattern.compile("<script(?![^>]*\\bsrc=)[^>]*>(.*?)</script>", Pattern.DOTALL);

  /**
   * A library as its jar packs it.
   *
   * @param name under {@code /vendor/}
   * @param coordinates group and artifact, which name its version file
   * @param folder with {@code %s} for the version
   */
  private record Library(String name, String coordinates, String folder) {}

  private static final String MVNPM = "META-INF/resources/_static/";
  private static final List<Library> LIBRARIES =
      List.of(
          new Library("hls.js", "org.webjars.npm/hls.js", "META-INF/resources/webjars/hls.js/%s"),
          new Library("lit", "org.mvnpm/lit", MVNPM + "lit/%s"),
          new Library("lit-html", "org.mvnpm/lit-html", MVNPM + "lit-html/%s"),
          new Library("lit-element", "org.mvnpm/lit-element", MVNPM + "lit-element/%s"),
          new Library(
              "reactive-element",
              "org.mvnpm.at.lit/reactive-element",
              MVNPM + "reactive-element/%s"));

  private Dashboard() {}

  /**
   * CSP hashes of the scripts inside the page: import maps cannot lie in a file of their own.
   *
   * @return empty when there is no page
   */
  public static Future<List<String>> inlineScripts(Vertx vertx) {
    return vertx
        .fileSystem()
        .readFile(INDEX)
        .map(page -> hashes(page.toString(StandardCharsets.UTF_8)))
        .otherwise(List.of());
  }

  /** Adds the routes; to be called last, for {@code /} takes all that is left. */
  public static Future<Void> mount(Vertx vertx, Router router) {
    return vertx
        .executeBlocking(
            () -> {
              List<Mounted> found = new ArrayList<>();
              for (Library library : LIBRARIES) {
                String version = version(library);
                if (version != null) {
                  found.add(new Mounted(library.name(), String.format(library.folder(), version)));
                }
              }
              return found;
            },
            false)
        .map(
            libraries -> {
              for (Mounted library : libraries) {
                router
                    .get("/vendor/" + library.name() + "/*")
                    .handler(files(library.folder()).setMaxAgeSeconds(86_400));
              }
              // The page and its modules change with an update: browsers ask each time.
              router.get("/*").handler(files(FOLDER).setMaxAgeSeconds(0));
              return null;
            });
  }

  private record Mounted(String name, String folder) {}

  private static StaticHandler files(String folder) {
    return StaticHandler.create(folder)
        .setDirectoryListing(false)
        .setIncludeHidden(false)
        .setAlwaysAsyncFS(true)
        .setCachingEnabled(true);
  }

  private static String version(Library library) throws IOException {
    String file = "META-INF/maven/" + library.coordinates() + "/pom.properties";
    try (InputStream in = Dashboard.class.getClassLoader().getResourceAsStream(file)) {
      if (in == null) {
        return null;
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    }
  }

  private static List<String> hashes(String page) {
    List<String> hashes = new ArrayList<>();
    Matcher scripts = INLINE.matcher(page);
    while (scripts.find()) {
      try {
        byte[] hash =
            MessageDigest.getInstance("SHA-256")
                .digest(scripts.group(1).getBytes(StandardCharsets.UTF_8));
        hashes.add("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Every Java platform has SHA-256", e);
      }
    }
    return hashes;
  }
}
