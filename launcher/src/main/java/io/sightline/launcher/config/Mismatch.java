package io.sightline.launcher.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A value of the wrong kind, in words: what was expected and what was found. The library that reads
 * the file knows both, but speaks of Java classes.
 */
final class Mismatch {

  private final ObjectMapper mapper;
  private final JsonNode tree;

  /**
   * @param tree the whole document
   */
  Mismatch(ObjectMapper mapper, JsonNode tree) {
    this.mapper = mapper;
    this.tree = tree;
  }

  String sentence(JsonMappingException e) {
    Optional<String> own = ownSentence(e);
    if (own.isPresent()) {
      return own.get();
    }
    JsonNode found = found(e);
    JavaType wanted = wanted(e);
    if (wanted == null) {
      return "this cannot be used here: " + kind(found);
    }
    if (found.isNumber() || found.isBoolean()) {
      // What is written as words and numbers has a parser with a sentence of its own.
      Optional<String> parsed = sentenceOf(found.asText(), wanted);
      if (parsed.isPresent()) {
        return parsed.get();
      }
    }
    return "expected "
        + expected(wanted)
        + ", found "
        + (plain(wanted) ? shown(found) : kind(found));
  }

  /** What one of our own classes says about a value. */
  private static Optional<String> ownSentence(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
        return Optional.of(cause.getMessage());
      }
    }
    return Optional.empty();
  }

  private Optional<String> sentenceOf(String text, JavaType wanted) {
    try {
      mapper.treeToValue(new TextNode(text), wanted);
      return Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return e instanceof JsonProcessingException ? ownSentence(e) : Optional.empty();
    }
  }

  private JsonNode found(JsonMappingException e) {
    JsonNode node = tree;
    for (JsonMappingException.Reference step : e.getPath()) {
      JsonNode next =
          step.getFieldName() == null ? node.path(step.getIndex()) : node.path(step.getFieldName());
      // A single value may stand where a list is meant.
      node = next.isMissingNode() && !node.isContainerNode() ? node : next;
    }
    return node;
  }

  private JavaType wanted(JsonMappingException e) {
    Class<?> type = null;
    if (e instanceof MismatchedInputException mismatch) {
      type = mismatch.getTargetType();
    } else if (e.getCause() instanceof InputCoercionException coercion) {
      type = coercion.getTargetType();
    }
    return type == null ? null : mapper.constructType(type);
  }

  private String expected(JavaType wanted) {
    Class<?> type = wanted.getRawClass();
    if (wanted.isTypeOrSubTypeOf(Integer.class)
        || wanted.isTypeOrSubTypeOf(Long.class)
        || type == int.class
        || type == long.class) {
      return "a whole number";
    }
    if (wanted.isTypeOrSubTypeOf(Number.class) || type == double.class) {
      return "a number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (wanted.isEnumType()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> mapper.convertValue(constant, String.class))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (type == Duration.class) {
      return "a duration such as 500ms, 10s, 5m, 2h or 7d";
    }
    if (type == String.class || type == Path.class) {
      return "a text";
    }
    if (wanted.isCollectionLikeType() || wanted.isArrayType()) {
      return "a list";
    }
    if (type.isRecord()) {
      return Arrays.stream(type.getRecordComponents())
          .map(RecordComponent::getName)
          .limit(3)
          .collect(Collectors.joining(", ", "keys such as ", ""));
    }
    return "keys";
  }

  /** Whether what is found may be shown: a text in place of keys could hold a password. */
  private static boolean plain(JavaType wanted) {
    return wanted.isEnumType()
        || wanted.isPrimitive()
        || wanted.isTypeOrSubTypeOf(Number.class)
        || wanted.isTypeOrSubTypeOf(Boolean.class);
  }

  private static String shown(JsonNode found) {
    if (found.isTextual()) {
      return "'" + found.textValue() + "'";
    }
    return found.isValueNode() && !found.isNull() ? found.asText() : kind(found);
  }

  private static String kind(JsonNode found) {
    if (found.isArray()) {
      return "a list";
    }
    if (found.isObject()) {
      return "keys";
    }
    if (found.isTextual()) {
      return "a text";
    }
    return found.isNumber() ? "a number" : found.isBoolean() ? found.asText() : "nothing";
  }
}
