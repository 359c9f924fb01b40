package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * How records become JSON and back. The same record always gives the same bytes: fields in the
 * order of the record's components, map keys sorted, absent values left out.
 */
public final class Json {

  /**
   * Levels of nesting that are read. Conditions may hold conditions, so what is read is read by
   * recursion, which a hostile document could drive until the stack ends.
   */
  public static final int MAX_DEPTH = 100;

  /** Thread-safe; not to be reconfigured. */
  public static final ObjectMapper MAPPER =
      JsonMapper.builder(
              // The shortest digits on every Java version; Double.toString changed with 19.
              JsonFactory.builder()
                  .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  /** What is malformed may be long, and is quoted in the message. */
  private static final int MAX_MESSAGE_CHARACTERS = 300;

  private Json() {}

  /** The UTF-8 JSON of a record. */
  public static byte[] encode(Object record) {
    try {
      return MAPPER.writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "A " + record.getClass().getSimpleName() + " cannot be written as JSON", e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws MalformedRecordException when the bytes are no JSON, or not of that record
   */
  public static <T> T decode(byte[] json, Class<T> type) {
    try {
      T value = MAPPER.readValue(json, type);
      if (value == null) {
        throw new MalformedRecordException(
            "Expected a " + type.getSimpleName() + " but found JSON null", null);
      }
      return value;
    } catch (IOException | IllegalArgumentException e) {
      throw new MalformedRecordException(
          "Expected a " + type.getSimpleName() + " as JSON: " + firstLine(e), e);
    }
  }

  private static String firstLine(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    if (cause instanceof NullPointerException) {
      return "a value that must be there is null";
    }
    String message = String.valueOf(cause.getMessage());
    int end = message.indexOf('\n');
    int length = Math.min(end < 0 ? message.length() : end, MAX_MESSAGE_CHARACTERS);
    return message.substring(0, length);
  }
}
