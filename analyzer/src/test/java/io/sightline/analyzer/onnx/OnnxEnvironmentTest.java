package io.sightline.analyzer.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OnnxEnvironmentTest {

  @Test
  void get_processWithALongCommandLine_survives() throws Exception {
    List<String> classPath = new ArrayList<>();
    for (Class<?> type :
        List.of(
            OrtEnvironment.class,
            OnnxEnvironment.class,
            OnnxEnvironmentTest.class,
            Loader.class,
            LoggerFactory.class)) {
      classPath.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    for (int i = 0; i < 400; i++) {
      classPath.add("/a/class/path/of/many/jars/" + i + ".jar");
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(File.pathSeparator, classPath),
                Starting.class.getName())
            .redirectErrorStream(true)
            .start();

    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).contains("started");
  }

  /** Version 1.29.0 does on Linux: it holds this address, and calls it as soon as it is loaded. */
  @Test
  void library_hasNoTelemetryOfItsMakers() throws Exception {
    OnnxEnvironment.get();
    Path library =
        Path.of(
            System.getProperty("onnxruntime.native.path"), System.mapLibraryName("onnxruntime"));

    byte[] bytes = Files.readAllBytes(library);

    assertThat(new String(bytes, StandardCharsets.ISO_8859_1).contains("events.data.microsoft.com"))
        .as("%s calls its makers", library)
        .isFalse();
  }

  /** What the child process runs. */
  static final class Starting {
    public static void main(String[] arguments) {
      OnnxEnvironment.get();
      System.out.println("started");
    }
  }
}
