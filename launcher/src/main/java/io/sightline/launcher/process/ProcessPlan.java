package io.sightline.launcher.process;

import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.ConfigurationException;
import io.sightline.launcher.config.ConfigurationFile;
import io.sightline.launcher.config.DefaultProfile;
import io.sightline.launcher.config.KafkaSection;
import io.sightline.launcher.config.Nearest;
import io.sightline.records.Ids;
import io.sightline.records.Profile;
import io.sightline.records.WatchRule;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What will be done with a file, as far as it can be told without opening the file or a model: that
 * takes long, and is done while the broker starts ({@link ProcessChecks}).
 *
 * @param video absolute
 * @param out where the results go
 * @param stream name that the file's stream has
 * @param rules what raises alerts
 * @param profileFile where the profile stands; null when it comes from the command line
 */
record ProcessPlan(
    Path video,
    Path out,
    String stream,
    Configuration configuration,
    Profile profile,
    List<WatchRule> rules,
    ConfigurationFile profileFile) {

  private static final Pattern URL = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+://");
  private static final String MOTION = "motion";

  /**
   * In a file, visits are told apart as segments are, with some margin for a detector that blinks.
   */
  private static final Duration VISIT_GAP = Duration.ofSeconds(2);

  static ProcessPlan of(ProcessCommand.Request request)
      throws RequestException, ConfigurationException {
    ConfigurationFile file =
        request.config() == null ? null : new ConfigurationFile(request.config(), System::getenv);
    Configuration configuration = configuration(request, file);
    Profile profile = profile(request, configuration);
    if (URL.matcher(request.video()).lookingAt()) {
      throw ProcessChecks.refusal(request.video());
    }
    Path video = file(request.video());
    if (!configuration.kafka().embedded()) {
      KafkaCheck.require(configuration.kafka().bootstrap());
    }
    String fileName = video.getFileName().toString();
    int dot = fileName.lastIndexOf('.');
    String name = Ids.nameFrom(dot > 0 ? fileName.substring(0, dot) : fileName);
    Path out = request.out() == null ? Path.of(name + "-results") : request.out();
    ConfigurationFile profileFile = request.model() == null ? file : null;
    return new ProcessPlan(video, out, name, configuration, profile, rules(request), profileFile);
  }

  private static Path file(String video) throws RequestException {
    try {
      Path path = Path.of(video);
      if (Files.exists(path)) {
        return path.toAbsolutePath().normalize();
      }
    } catch (InvalidPathException e) {
      throw new RequestException("'" + video + "' is no path of a file", e);
    }
    throw new RequestException("There is no file " + video);
  }

  private static Configuration configuration(ProcessCommand.Request request, ConfigurationFile file)
      throws ConfigurationException, RequestException {
    Configuration configuration = file == null ? Configuration.defaults() : file.read();
    if (request.kafka() == null) {
      return configuration;
    }
    try {
      return configuration.withKafka(new KafkaSection(request.kafka(), null, null));
    } catch (IllegalArgumentException e) {
      throw new RequestException("--kafka: " + e.getMessage(), e);
    }
  }

  private static Profile profile(ProcessCommand.Request request, Configuration configuration)
      throws RequestException {
    if (request.model() != null && request.profile() != null) {
      throw new RequestException(
          "--model and --profile exclude each other: a profile names its own model");
    }
    if (request.labels() != null && request.model() == null) {
      throw new RequestException("--labels names the classes of a model: give --model, too");
    }
    if (request.model() != null) {
      String labels = request.labels() == null ? null : request.labels().toString();
      return DefaultProfile.model(request.model(), labels, request.watch());
    }
    String name = request.profile() == null ? DefaultProfile.NAME : request.profile();
    Map<String, Profile> profiles = configuration.profilesByName();
    Profile profile = profiles.get(name);
    if (profile == null) {
      throw new RequestException(
          "There is no profile '"
              + name
              + "'"
              + Nearest.to(name, profiles.keySet())
                  .map(nearest -> "; did you mean '" + nearest + "'?")
                  .orElse("; there are " + String.join(", ", profiles.keySet())));
    }
    boolean onlyMotion = profile.equals(DefaultProfile.motion());
    Optional<String> unseen =
        request.watch().stream()
            .filter(label -> !label.toLowerCase(Locale.ROOT).equals(MOTION))
            .findFirst();
    if (onlyMotion && unseen.isPresent()) {
      throw new RequestException(
          "--watch "
              + unseen.get()
              + " needs a detector that knows it: give --model (see 'sightline models list')");
    }
    return profile;
  }

  private static List<WatchRule> rules(ProcessCommand.Request request) {
    return request.watch().isEmpty()
        ? List.of()
        : List.of(
            new WatchRule(
                "watch",
                Set.copyOf(request.watch()),
                WatchRule.DEFAULT_MIN_CONFIDENCE,
                Set.of(),
                Set.of(),
                VISIT_GAP.toMillis(),
                List.of()));
  }
}
