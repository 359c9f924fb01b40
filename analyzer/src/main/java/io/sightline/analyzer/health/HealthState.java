package io.sightline.analyzer.health;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What is remembered of a stream's pictures. */
final class HealthState {

  static final long NEVER = -1;

  private static final int VERSION = 1;
  private static final int CELLS = PictureFacts.COLUMNS * PictureFacts.ROWS;

  boolean seen;
  boolean stalled;
  long lastPosition;
  long blackSince = NEVER;
  long frozenSince = NEVER;
  char[] previous = new char[CELLS];
  char[] anchor = new char[CELLS];

  /** How long nothing came before this; 0 when nothing came ever. */
  long awayMicros(long position) {
    return seen ? Math.max(0, position - lastPosition) : 0;
  }

  void saw(char[] cells, long position) {
    previous = cells;
    lastPosition = position;
    seen = true;
    stalled = false;
  }

  byte[] write(byte[] meters) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeBoolean(seen);
      out.writeBoolean(stalled);
      out.writeLong(lastPosition);
      out.writeLong(blackSince);
      out.writeLong(frozenSince);
      if (seen) {
        for (int i = 0; i < CELLS; i++) {
          out.writeChar(previous[i]);
          out.writeChar(anchor[i]);
        }
      }
      out.write(meters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @return the part that belongs to the meters
   * @throws IllegalArgumentException when it is no such state
   */
  byte[] read(byte[] state) {
    if (state.length == 0) {
      return state;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
      if (in.readByte() != VERSION) {
        throw new IOException("unknown version");
      }
      seen = in.readBoolean();
      stalled = in.readBoolean();
      lastPosition = in.readLong();
      blackSince = in.readLong();
      frozenSince = in.readLong();
      if (seen) {
        for (int i = 0; i < CELLS; i++) {
          previous[i] = in.readChar();
          anchor[i] = in.readChar();
        }
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalArgumentException("The state of the health analyzer is damaged", e);
    }
  }
}
