package io.sightline.launcher.process;

import io.sightline.analyzer.AnalyzerPlugins;
import io.sightline.analyzer.models.ModelFolder;
import io.sightline.edgecapture.SourceCheck;
import io.sightline.launcher.RequestException;
import io.sightline.launcher.config.ConfigurationException;
import io.sightline.media.MediaException;
import io.sightline.segmenter.SegmenterPlugins;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Opens the file and the models of a plan, so that what cannot work is said in one sentence before
 * any of it is analysed.
 */
final class ProcessChecks {

  private ProcessChecks() {}

  /**
   * Looks at the file and at the models at the same time. Blocks for about a second.
   *
   * @return how long the file is, in microseconds; -1 when it does not say
   * @throws RequestException when the file, a model or a setting is no good
   * @throws ConfigurationException when what is no good stands in the configuration file
   */
  static long durationMicros(ProcessPlan plan) throws RequestException, ConfigurationException {
    try (AnalyzerPlugins analyzers =
        AnalyzerPlugins.load(new ModelFolder(plan.configuration().analyzer().models()))) {
      boolean needsPictures = needsPictures(plan, analyzers);
      CompletableFuture<SourceCheck> source = new CompletableFuture<>();
      Thread looking =
          new Thread(() -> look(plan.video(), needsPictures, source), "sightline-source-check");
      looking.setDaemon(true);
      looking.start();
      checkPlugins(plan, analyzers);
      return duration(source);
    }
  }

  /** What comes over a network is read as it comes, which is a stream's way, not a file's. */
  static RequestException refusal(String url) {
    try {
      return new RequestException(
          "'process' takes a file, and "
              + SourceCheck.open(url, Path.of(""), false).safeUrl()
              + " is read over the network: download it first, or declare it as a stream and let"
              + " 'sightline up' record it");
    } catch (MediaException e) {
      return new RequestException(e.getMessage(), e);
    }
  }

  private static boolean needsPictures(ProcessPlan plan, AnalyzerPlugins analyzers)
      throws RequestException, ConfigurationException {
    try {
      return analyzers.needsPictures(plan.profile());
    } catch (IllegalArgumentException e) {
      throw wrongProfile(
          plan,
          new IllegalArgumentException(
              "Profile '" + plan.profile().name() + "': " + e.getMessage(), e));
    }
  }

  private static void checkPlugins(ProcessPlan plan, AnalyzerPlugins analyzers)
      throws RequestException, ConfigurationException {
    try {
      analyzers.check(plan.profile());
      SegmenterPlugins.installed().check(plan.profile());
    } catch (IllegalArgumentException e) {
      throw wrongProfile(plan, e);
    }
  }

  /** Returns the one, throws the other: where the profile stands decides what is wrong. */
  private static RequestException wrongProfile(ProcessPlan plan, IllegalArgumentException e)
      throws ConfigurationException {
    String name = plan.profile().name();
    if (plan.profileFile() != null && plan.configuration().profiles().containsKey(name)) {
      throw plan.profileFile().atProfile(name, e);
    }
    return new RequestException(e.getMessage(), e);
  }

  private static void look(Path video, boolean needsPictures, CompletableFuture<SourceCheck> into) {
    try {
      into.complete(SourceCheck.open(video.toUri().toString(), Path.of(""), needsPictures));
    } catch (MediaException | RuntimeException | Error e) {
      into.completeExceptionally(e);
    }
  }

  private static long duration(CompletableFuture<SourceCheck> source) throws RequestException {
    try {
      return source.join().durationMicros();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MediaException unusable) {
        throw new RequestException(unusable.getMessage(), unusable);
      }
      throw e;
    }
  }
}
