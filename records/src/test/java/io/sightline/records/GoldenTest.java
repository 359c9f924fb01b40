package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Today's JSON, pinned: what is stored and travels must be read by those who come later. See the
 * README beside the golden files.
 */
class GoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  /** Objects whose fields are a plugin's settings or free words, where no field is unknown. */
  private static final Set<String> FREE =
      Set.of("analyzers", "classifiers", "optimizer", "attributes", "features");

  private static final Map<String, Object> SAMPLES = Samples.all();

  @BeforeAll
  static void refreshWhenAsked() throws IOException {
    if (Boolean.getBoolean("golden.refresh")) {
      for (String name : names()) {
        Files.write(file(name), line(name));
      }
    }
  }

  static Set<String> names() {
    return SAMPLES.keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void write_record_givesTheGoldenBytes(String name) throws IOException {
    assertThat(file(name)).hasBinaryContent(line(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void read_golden_givesAnEqualRecord(String name) throws IOException {
    Object record = SAMPLES.get(name);

    assertThat(Json.decode(Files.readAllBytes(file(name)), record.getClass())).isEqualTo(record);
  }

  @ParameterizedTest
  @MethodSource("names")
  void read_goldenWithFieldsOfALaterVersion_givesAnEqualRecord(String name) throws IOException {
    Object record = SAMPLES.get(name);
    JsonNode golden = Json.MAPPER.readTree(file(name).toFile());

    byte[] later = Json.MAPPER.writeValueAsBytes(withUnknownFields(golden));

    assertThat(Json.decode(later, record.getClass())).isEqualTo(record);
    if (golden.isObject()) {
      assertThat(new String(later, StandardCharsets.UTF_8)).contains("fieldOfLater");
    }
  }

  @Test
  void samples_everyRecord_hasOne() throws Exception {
    Set<String> sampled =
        SAMPLES.values().stream()
            .map(sample -> sample.getClass().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(sampled).containsExactlyElementsOf(recordsOfThisPackage());
  }

  @Test
  void goldenFiles_everyOne_hasASample() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(".json")))
          .containsExactlyInAnyOrderElementsOf(names().stream().map(n -> n + ".json").toList());
    }
  }

  private static JsonNode withUnknownFields(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode copy = Json.MAPPER.createArrayNode();
      array.forEach(element -> copy.add(withUnknownFields(element)));
      return copy;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    ObjectNode copy = Json.MAPPER.createObjectNode();
    copy.put("aFieldOfLater", 1);
    object
        .properties()
        .forEach(
            field ->
                copy.set(
                    field.getKey(),
                    FREE.contains(field.getKey())
                        ? field.getValue()
                        : withUnknownFields(field.getValue())));
    copy.putObject("fieldOfLater").putArray("x").add("y");
    return copy;
  }

  private static List<String> recordsOfThisPackage()
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path classes = Path.of(Json.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes.resolve("io/sightline/records"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.contains("$") && !name.startsWith("package-info")) {
          Class<?> type =
              Class.forName("io.sightline.records." + name.substring(0, name.length() - 6));
          if (type.isRecord()) {
            records.add(type.getSimpleName());
          }
        }
      }
    }
    return records;
  }

  private static byte[] line(String name) {
    String json = new String(Json.encode(SAMPLES.get(name)), StandardCharsets.UTF_8);
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Path file(String name) {
    return GOLDEN.resolve(name + ".json");
  }
}
