package io.sightline.edgecapture.rtmp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Action Message Format 0, as far as RTMP needs it: numbers are {@link Double}, texts {@link
 * String}, objects and ECMA arrays {@link Map}, strict arrays {@link List}, null and undefined
 * {@code null}, dates {@link Double} milliseconds since 1970. See Adobe, "Action Message Format –
 * AMF 0".
 */
final class Amf0 {

  private static final int MAX_DEPTH = 8;
  private static final int MAX_VALUES = 1_024;

  private static final int NUMBER = 0;
  private static final int BOOLEAN = 1;
  private static final int STRING = 2;
  private static final int OBJECT = 3;
  private static final int NULL = 5;
  private static final int UNDEFINED = 6;
  private static final int ECMA_ARRAY = 8;
  private static final int OBJECT_END = 9;
  private static final int STRICT_ARRAY = 10;
  private static final int DATE = 11;
  private static final int LONG_STRING = 12;

  private final ByteBuffer in;
  private int values;

  private Amf0(ByteBuffer in) {
    this.in = in;
  }

  /**
   * Reads values up to the end.
   *
   * @throws RtmpException when they are cut short, too many, too deep, or of another type
   */
  static List<Object> read(ByteBuffer bytes) throws RtmpException {
    Amf0 reader = new Amf0(bytes.slice());
    List<Object> all = new ArrayList<>();
    while (reader.in.hasRemaining()) {
      all.add(reader.value(0));
    }
    return all;
  }

  /** Writes values one after the other; maps as objects, lists as strict arrays. */
  static byte[] write(Object... values) {
    Writer writer = new Writer();
    for (Object value : values) {
      writer.value(value);
    }
    return writer.out.toByteArray();
  }

  private Object value(int depth) throws RtmpException {
    if (depth > MAX_DEPTH) {
      throw new RtmpException("A command is nested deeper than " + MAX_DEPTH + " levels");
    }
    if (++values > MAX_VALUES) {
      throw new RtmpException("A command has more than " + MAX_VALUES + " values");
    }
    int type = take(1).get() & 0xff;
    return switch (type) {
      case NUMBER -> take(8).getDouble();
      case BOOLEAN -> take(1).get() != 0;
      case STRING -> text(take(2).getShort() & 0xffff);
      case LONG_STRING -> text(take(4).getInt());
      case OBJECT -> object(depth);
      case ECMA_ARRAY -> {
        take(4);
        yield object(depth);
      }
      case STRICT_ARRAY -> array(depth);
      case DATE -> {
        double millis = take(8).getDouble();
        take(2);
        yield millis;
      }
      case NULL, UNDEFINED -> null;
      default -> throw new RtmpException("A command holds a value of the unknown type " + type);
    };
  }

  private Map<String, Object> object(int depth) throws RtmpException {
    Map<String, Object> object = new LinkedHashMap<>();
    while (true) {
      String name = text(take(2).getShort() & 0xffff);
      if (name.isEmpty() && in.hasRemaining() && in.get(in.position()) == OBJECT_END) {
        in.get();
        return object;
      }
      object.put(name, value(depth + 1));
    }
  }

  private List<Object> array(int depth) throws RtmpException {
    int length = take(4).getInt();
    if (length < 0 || length > MAX_VALUES) {
      throw new RtmpException("A command has an array of " + (length & 0xffffffffL) + " values");
    }
    List<Object> array = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      array.add(value(depth + 1));
    }
    return array;
  }

  private String text(int length) throws RtmpException {
    ByteBuffer bytes = take(length);
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }

  private ByteBuffer take(int length) throws RtmpException {
    if (length < 0 || in.remaining() < length) {
      throw new RtmpException("A command is cut short");
    }
    ByteBuffer part = in.slice(in.position(), length);
    in.position(in.position() + length);
    return part;
  }

  private static final class Writer {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void value(Object value) {
      if (value == null) {
        out.write(NULL);
      } else if (value instanceof Number number) {
        out.write(NUMBER);
        out.writeBytes(ByteBuffer.allocate(8).putDouble(number.doubleValue()).array());
      } else if (value instanceof Boolean flag) {
        out.write(BOOLEAN);
        out.write(flag ? 1 : 0);
      } else if (value instanceof String text) {
        out.write(STRING);
        name(text);
      } else if (value instanceof Map<?, ?> object) {
        out.write(OBJECT);
        object.forEach(
            (name, each) -> {
              name((String) name);
              value(each);
            });
        name("");
        out.write(OBJECT_END);
      } else if (value instanceof List<?> array) {
        out.write(STRICT_ARRAY);
        out.writeBytes(ByteBuffer.allocate(4).putInt(array.size()).array());
        array.forEach(this::value);
      } else {
        throw new IllegalArgumentException("No AMF0 value: " + value.getClass());
      }
    }

    private void name(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.write(bytes.length >> 8);
      out.write(bytes.length);
      out.writeBytes(bytes);
    }
  }
}
