package io.sightline.analyzer.motion;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A {@link Background} as bytes. High and low bytes go apart and each as the difference to its left
 * neighbour, which compresses to about half.
 */
final class ModelState {

  private static final int VERSION = 1;
  private static final int MAX_SIDE = 8192;
  private static final int MAX_CELLS = 1 << 16;

  private ModelState() {}

  static byte[] write(Background model) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, deflater))) {
      out.writeByte(VERSION);
      out.writeInt(model.width);
      out.writeInt(model.height);
      out.writeInt(model.columns);
      out.writeInt(model.rows);
      out.writeLong(model.positionMicros);
      out.writeInt(model.ageMillis);
      out.writeInt(model.frames);
      out.writeInt(model.settleMillis);
      writePlane(out, model.level);
      writePlane(out, model.noise);
      writePlane(out, model.previous);
      writePlane(out, model.stillTenths);
      for (boolean set : model.foreground) {
        out.writeBoolean(set);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when the bytes are no state of a model
   */
  static Background read(byte[] state, MotionSettings settings) {
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(state)))) {
      int version = in.readByte();
      int width = in.readInt();
      int height = in.readInt();
      int columns = in.readInt();
      int rows = in.readInt();
      if (version != VERSION
          || width < 1
          || height < 1
          || width > MAX_SIDE
          || height > MAX_SIDE
          || columns < 1
          || rows < 1
          || columns > width
          || rows > height
          || (long) columns * rows > MAX_CELLS) {
        throw new IllegalArgumentException("This is no state of the motion analyzer");
      }
      Background model = new Background(settings, width, height, columns, rows);
      model.positionMicros = in.readLong();
      model.ageMillis = in.readInt();
      model.frames = in.readInt();
      model.settleMillis = in.readInt();
      readPlane(in, model.level);
      readPlane(in, model.noise);
      readPlane(in, model.previous);
      readPlane(in, model.stillTenths);
      for (int i = 0; i < model.foreground.length; i++) {
        model.foreground[i] = in.readBoolean();
      }
      return model;
    } catch (IOException e) {
      throw new IllegalArgumentException("The state of the motion analyzer is damaged", e);
    }
  }

  private static void writePlane(DataOutputStream out, char[] plane) throws IOException {
    byte[] bytes = new byte[plane.length * 2];
    int left = 0;
    for (int i = 0; i < plane.length; i++) {
      bytes[i] = (byte) ((plane[i] >> 8) - (left >> 8));
      bytes[plane.length + i] = (byte) plane[i];
      left = plane[i];
    }
    out.write(bytes);
  }

  private static void readPlane(DataInputStream in, char[] plane) throws IOException {
    byte[] bytes = new byte[plane.length * 2];
    in.readFully(bytes);
    int high = 0;
    for (int i = 0; i < plane.length; i++) {
      high = high + bytes[i] & 0xff;
      plane[i] = (char) (high << 8 | bytes[plane.length + i] & 0xff);
    }
  }
}
