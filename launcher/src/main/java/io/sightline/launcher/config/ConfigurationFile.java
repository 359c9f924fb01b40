package io.sightline.launcher.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sightline.records.Units;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads {@code sightline.yaml}, or says in one sentence which line is wrong and what is wanted. */
public final class ConfigurationFile {

  private static final long MAX_BYTES = 1_000_000;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}");
  private static final Pattern SETTING = Pattern.compile("setting '([^']+)'");

  private final Path file;
  private final UnaryOperator<String> environment;
  private LineIndex lines = new LineIndex(null);

  /**
   * @param environment gives the value of a variable, or null
   */
  public ConfigurationFile(Path file, UnaryOperator<String> environment) {
    this.file = file;
    this.environment = environment;
  }

  public Configuration read() throws ConfigurationException {
    String text = text();
    lines = new LineIndex(compose(text));
    try {
      JsonNode tree = MAPPER.readTree(text);
      if (tree == null || tree.isMissingNode() || tree.isNull()) {
        return Configuration.defaults();
      }
      if (!tree.isObject()) {
        throw at("", "expected keys such as 'streams:', found a single value", null);
      }
      return configuration(resolve("", tree));
    } catch (IOException e) {
      throw new ConfigurationException(file + ": " + firstLine(e.getMessage()), e);
    }
  }

  private Configuration configuration(JsonNode tree) throws ConfigurationException, IOException {
    try {
      Configuration configuration = MAPPER.treeToValue(tree, Configuration.class);
      check(configuration);
      return configuration;
    } catch (UnrecognizedPropertyException e) {
      throw unknownKey(e);
    } catch (JsonMappingException e) {
      throw at(pathOf(e), new Mismatch(MAPPER, tree).sentence(e), e);
    }
  }

  private String text() throws ConfigurationException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ConfigurationException(
            file + " is larger than 1 MB; a configuration file is a few pages of text");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ConfigurationException("There is no configuration file " + file, e);
    } catch (CharacterCodingException e) {
      throw new ConfigurationException(file + " is not a text file in UTF-8", e);
    } catch (IOException e) {
      throw new ConfigurationException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private Node compose(String text) throws ConfigurationException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      new Yaml(options).load(text);
      return new Yaml(options).compose(new StringReader(text));
    } catch (DuplicateKeyException e) {
      int line = e.getProblemMark().getLine() + 1;
      String key = e.getProblem().replace("found duplicate key ", "");
      throw new ConfigurationException(
          file + ", line " + line + ": the key '" + key + "' stands there twice", e);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new ConfigurationException(
          file + ", line " + line + ": this is no YAML: " + firstLine(e.getProblem()), e);
    } catch (YAMLException e) {
      throw new ConfigurationException(file + ": this is no YAML: " + firstLine(e.getMessage()), e);
    }
  }

  private void check(Configuration configuration) throws ConfigurationException {
    checkSink(configuration.capture(), configuration.kafka());
    checkClips(configuration.clips(), configuration.storage());
    requireContent("access", configuration.access());
    requireContent("streams", configuration.streams());
    requireContent("medialive", configuration.medialive());
    requireContent("profiles", configuration.profiles());
    requireContent("alerts", configuration.alerts());
    requireContent("channels", configuration.channels());
    for (String name : configuration.profiles().keySet()) {
      try {
        configuration.profiles().get(name).named(name);
      } catch (IllegalArgumentException e) {
        throw at("profiles." + name, e.getMessage(), e);
      }
    }
    Set<String> profiles = configuration.profilesByName().keySet();
    for (var entry : configuration.streams().entrySet()) {
      String path = "streams." + entry.getKey();
      try {
        requireProfile(path, entry.getValue().named(entry.getKey()).profile(), profiles);
      } catch (IllegalArgumentException e) {
        throw at(path, e.getMessage(), e);
      }
    }
    for (var entry : configuration.medialive().entrySet()) {
      String path = "medialive." + entry.getKey();
      try {
        requireProfile(path, entry.getValue().named(entry.getKey()).profile(), profiles);
      } catch (IllegalArgumentException e) {
        throw at(path, e.getMessage(), e);
      }
    }
    for (var entry : configuration.alerts().entrySet()) {
      String path = "alerts." + entry.getKey();
      try {
        for (String channel : entry.getValue().named(entry.getKey()).channels()) {
          if (!configuration.channels().containsKey(channel)) {
            throw at(
                path + ".channels",
                "there is no channel '"
                    + channel
                    + "'"
                    + meant(channel, configuration.channels().keySet()),
                null);
          }
        }
      } catch (IllegalArgumentException e) {
        throw at(path, e.getMessage(), e);
      }
    }
  }

  private void checkClips(ClipsSection clips, StorageSection storage)
      throws ConfigurationException {
    try {
      clips.service(storage);
    } catch (IllegalArgumentException e) {
      throw at(
          clips.mediaconvert() == null ? "clips.maker" : "clips.mediaconvert", e.getMessage(), e);
    }
  }

  private void checkSink(CaptureSection capture, KafkaSection kafka) throws ConfigurationException {
    if (capture.toKafka()) {
      for (String key : new String[] {"gateway", "token"}) {
        if ((key.equals("gateway") ? capture.gateway() : capture.token()) != null) {
          throw at(
              "capture." + key,
              "with 'sink: kafka' there is no gateway: leave the key out; the streams are those of"
                  + " this file",
              null);
        }
      }
      if (kafka.embedded()) {
        throw at(
            "capture.sink",
            "'kafka' sends to a cluster of yours: name it under 'kafka.bootstrap'; beside the"
                + " embedded broker there is a gateway to send to",
            null);
      }
    } else if (!capture.toGateway() && capture.gateway() == null && capture.token() != null) {
      throw at(
          "capture.token",
          "a token is shown to a gateway: name it under 'capture.gateway', or leave the key out",
          null);
    }
  }

  private void requireProfile(String path, String profile, Set<String> profiles)
      throws ConfigurationException {
    if (!profiles.contains(profile)) {
      throw at(
          path + ".profile",
          "there is no profile '" + profile + "'" + meant(profile, profiles),
          null);
    }
  }

  private void requireContent(String section, Map<String, ?> named) throws ConfigurationException {
    for (var entry : named.entrySet()) {
      if (entry.getValue() == null) {
        throw at(
            section + "." + entry.getKey(),
            "expected keys below it, found nothing; see sightline.example.yaml",
            null);
      }
    }
  }

  /** Says what a plugin finds wrong in a profile, at the line of the setting it is about. */
  public ConfigurationException atProfile(String profile, IllegalArgumentException finding) {
    String path = "profiles." + profile;
    String sentence = finding.getMessage().replaceFirst("^Profile '[^']*': ", "");
    Matcher setting = SETTING.matcher(sentence);
    int line = lines.line(path);
    if (setting.find()) {
      line = lines.lineBelow(path, setting.group(1)).orElse(line);
    }
    return new ConfigurationException(
        file + ", line " + line + ": '" + path + "': " + sentence, finding);
  }

  /** Says a later finding at the line of the key it is about. */
  public ConfigurationException at(String path, String sentence, Throwable cause) {
    String key = path.isEmpty() ? "" : " '" + path + "':";
    return new ConfigurationException(
        file + ", line " + lines.line(path) + ":" + key + " " + sentence, cause);
  }

  private ConfigurationException unknownKey(UnrecognizedPropertyException e) {
    TreeSet<String> known = new TreeSet<>();
    Collection<Object> ids = e.getKnownPropertyIds();
    if (ids != null) {
      ids.forEach(id -> known.add(String.valueOf(id)));
    }
    String path = pathOf(e);
    return at(
        path, "unknown key '" + e.getPropertyName() + "'" + meant(e.getPropertyName(), known), e);
  }

  private static String meant(String word, Collection<String> known) {
    return Nearest.to(word, known)
        .map(nearest -> "; did you mean '" + nearest + "'?")
        .orElse(known.isEmpty() ? "" : "; known are " + String.join(", ", new TreeSet<>(known)));
  }

  private static String pathOf(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference reference : e.getPath()) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.toString();
  }

  private static String firstLine(String message) {
    String text = String.valueOf(message);
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private JsonNode resolve(String path, JsonNode node) throws ConfigurationException {
    if (node instanceof ObjectNode object) {
      for (String name :
          java.util.List.copyOf(
              new TreeSet<>(object.properties().stream().map(Map.Entry::getKey).toList()))) {
        String child = path.isEmpty() ? name : path + "." + name;
        object.set(name, resolve(child, object.get(name)));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, resolve(path + "[" + i + "]", array.get(i)));
      }
    } else if (node instanceof TextNode text) {
      return new TextNode(substitute(path, text.textValue()));
    }
    return node;
  }

  private String substitute(String path, String text) throws ConfigurationException {
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String value = environment.apply(matcher.group(1));
      if (value == null) {
        throw at(path, "the environment variable " + matcher.group(1) + " is not set", null);
      }
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(result).toString();
  }

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          // The value of an environment variable is text, whatever it stands for.
          .withCoercionConfig(LogicalType.Integer, ConfigurationFile::takeText)
          .withCoercionConfig(LogicalType.Float, ConfigurationFile::takeText)
          .withCoercionConfig(LogicalType.Boolean, ConfigurationFile::takeText)
          .addModule(new SimpleModule().addDeserializer(Duration.class, new DurationDeserializer()))
          .build();

  private static void takeText(MutableCoercionConfig config) {
    config.setCoercion(CoercionInputShape.String, CoercionAction.TryConvert);
  }

  private static final class DurationDeserializer extends StdScalarDeserializer<Duration> {
    private static final long serialVersionUID = 1L;

    DurationDeserializer() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.currentToken().isScalarValue()) {
        return (Duration) context.handleUnexpectedToken(Duration.class, parser);
      }
      return Units.duration(parser.getText());
    }
  }
}
