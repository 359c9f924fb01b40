package io.sightline.analyzer.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Opens the height and width of a model's input, which most exports fix at a square.
 *
 * <p>A wide picture fills little more than half of a square; the rest is grey that costs as much as
 * the picture. Detectors of this kind are convolutions, which take any size that is a multiple of
 * their largest stride; it is only the file that names one. So the sizes in the description of
 * input and output are replaced by names, and those of the values between, which are comments, are
 * left out. Whether the model really runs at other sizes is for the caller to try: an export may
 * have counted its boxes.
 *
 * <p>The file is read field by field, without classes made for it. Numbers of fields are those of
 * onnx.proto3 (ONNX IR version 3 and later).
 */
final class OpenInput {

  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int GRAPH_VALUE_INFO = 13;
  private static final int VALUE_TYPE = 2;
  private static final int TYPE_TENSOR = 1;
  private static final int TENSOR_SHAPE = 2;
  private static final int SHAPE_DIMENSION = 1;
  private static final int DIMENSION_NAME = 2;

  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  private OpenInput() {}

  /**
   * @param model the file's bytes
   * @return the same model for inputs {@code [1, 3, any, any]}; empty when the file is not of the
   *     expected structure
   */
  static Optional<byte[]> of(byte[] model) {
    try {
      UnknownFieldSet file = UnknownFieldSet.parseFrom(model);
      return Optional.of(replaced(file, MODEL_GRAPH, OpenInput::graph).toByteArray());
    } catch (InvalidProtocolBufferException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  private static UnknownFieldSet graph(UnknownFieldSet graph) {
    UnknownFieldSet opened =
        replaced(graph, GRAPH_INPUT, value -> shape(value, OpenInput::picture));
    opened = replaced(opened, GRAPH_OUTPUT, value -> shape(value, OpenInput::unknown));
    return opened.toBuilder().clearField(GRAPH_VALUE_INFO).build();
  }

  private static UnknownFieldSet shape(
      UnknownFieldSet value, UnaryOperator<UnknownFieldSet> change) {
    return replaced(
        value,
        VALUE_TYPE,
        type -> replaced(type, TYPE_TENSOR, tensor -> replaced(tensor, TENSOR_SHAPE, change)));
  }

  private static UnknownFieldSet picture(UnknownFieldSet shape) {
    List<ByteString> dimensions = shape.getField(SHAPE_DIMENSION).getLengthDelimitedList();
    if (dimensions.size() != 4) {
      throw new IllegalStateException("The input is no picture");
    }
    Field.Builder opened = Field.newBuilder();
    for (int i = 0; i < dimensions.size(); i++) {
      opened.addLengthDelimited(
          i == HEIGHT ? named("height") : i == WIDTH ? named("width") : dimensions.get(i));
    }
    return shape.toBuilder().addField(SHAPE_DIMENSION, opened.build()).build();
  }

  private static UnknownFieldSet unknown(UnknownFieldSet shape) {
    int dimensions = shape.getField(SHAPE_DIMENSION).getLengthDelimitedList().size();
    Field.Builder opened = Field.newBuilder();
    for (int i = 0; i < dimensions; i++) {
      opened.addLengthDelimited(named("output" + i));
    }
    return shape.toBuilder().addField(SHAPE_DIMENSION, opened.build()).build();
  }

  private static ByteString named(String name) {
    return UnknownFieldSet.newBuilder()
        .addField(
            DIMENSION_NAME,
            Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8(name)).build())
        .build()
        .toByteString();
  }

  /** The message with each of its messages in a field changed. */
  private static UnknownFieldSet replaced(
      UnknownFieldSet message, int field, UnaryOperator<UnknownFieldSet> change) {
    Field.Builder changed = Field.newBuilder();
    for (ByteString each : message.getField(field).getLengthDelimitedList()) {
      try {
        changed.addLengthDelimited(change.apply(UnknownFieldSet.parseFrom(each)).toByteString());
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("Field " + field + " holds no message", e);
      }
    }
    return message.toBuilder().addField(field, changed.build()).build();
  }
}
