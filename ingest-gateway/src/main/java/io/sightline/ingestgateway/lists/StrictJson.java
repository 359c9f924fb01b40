package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Json;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads what people ask for as records. Unlike what travels between stages, a field that is unknown
 * is refused: whoever misspells a rule would get another replay than they think.
 */
final class StrictJson {

  private static final ObjectReader READER =
      Json.MAPPER.reader().with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private StrictJson() {}

  /**
   * @param where the node stands in the body, for messages
   * @return null for null and for what is not there
   * @throws Problem 422 with a sentence that says what is possible
   */
  static <T> T read(JsonNode node, String where, Class<T> type) {
    if (node == null || node.isNull() || node.isMissingNode()) {
      return null;
    }
    try {
      return READER.treeToValue(node, type);
    } catch (UnrecognizedPropertyException e) {
      String parent = path(where, e.getPath().subList(0, e.getPath().size() - 1));
      throw Problem.of(
              422,
              "There is no '"
                  + e.getPropertyName()
                  + "' in '"
                  + parent
                  + "'; it may have "
                  + e.getKnownPropertyIds().stream()
                      .map(Object::toString)
                      .sorted()
                      .collect(Collectors.joining(", "))
                  + ".")
          .at(parent);
    } catch (InvalidFormatException e) {
      String field = path(where, e.getPath());
      throw Problem.of(
              422,
              "'"
                  + field
                  + "' cannot be '"
                  + shortened(e.getValue())
                  + "'; it takes "
                  + possible(e.getTargetType())
                  + ".")
          .at(field);
    } catch (JsonMappingException e) {
      String field = path(where, e.getPath());
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw Problem.of(422, "'" + field + "': " + wrong.getMessage() + ".").at(field);
      }
      throw Problem.of(422, "'" + field + "' is not what it may be: " + Answers.cause(e)).at(field);
    } catch (JsonProcessingException e) {
      throw Problem.of(422, "'" + where + "': " + Answers.cause(e)).at(where);
    }
  }

  private static String path(String where, List<JsonMappingException.Reference> path) {
    StringBuilder text = new StringBuilder(where);
    for (JsonMappingException.Reference step : path) {
      if (step.getFieldName() != null) {
        text.append('.').append(step.getFieldName());
      } else {
        text.append('[').append(step.getIndex()).append(']');
      }
    }
    return text.toString();
  }

  private static String possible(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(one -> Json.MAPPER.valueToTree(one).asText())
            .collect(Collectors.joining(", "))
        : type == Boolean.class || type == boolean.class ? "true or false" : "a number";
  }

  private static String shortened(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
