package io.sightline.launcher.bench;

import io.sightline.launcher.RequestException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/**
 * {@code sightline bench}, for the list of commands. The measurements are no part of the product:
 * the start script of a checkout runs them, and never comes here.
 */
@CommandLine.Command(
    name = "bench",
    description =
        "Measures what is claimed about speed: 'bench list' tells the claims, 'bench NAME' or"
            + " 'bench all' measures them. In a checkout.",
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {

  @CommandLine.Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Claims, 'all', or 'list'.")
  private List<String> names = List.of();

  @Override
  public Integer call() throws RequestException {
    throw new RequestException(
        "the measurements come with the source alone; run ./sightline bench in a checkout");
  }
}
