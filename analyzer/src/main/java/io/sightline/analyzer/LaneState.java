package io.sightline.analyzer;

import io.sightline.records.Json;
import io.sightline.records.Lane;
import io.sightline.records.Profile;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What survives of a lane of one run of a stream.
 *
 * @param profile the snapshot in force
 * @param worked whether any analyzer works on this lane
 * @param arrivedMillis when its newest item was written to its topic
 * @param analyzers the state of each of the profile's analyzers that works on this lane, in order
 */
record LaneState(
    String stream,
    String run,
    Lane lane,
    String epoch,
    Profile profile,
    boolean ended,
    boolean worked,
    long positionMicros,
    long items,
    long arrivedMillis,
    List<byte[]> analyzers) {

  private static final int VERSION = 1;
  private static final int MAX_LANES = 1_000_000;
  private static final int MAX_BYTES = 64_000_000;

  static void write(List<LaneState> lanes, DataOutputStream out) throws IOException {
    out.writeByte(VERSION);
    out.writeInt(lanes.size());
    for (LaneState lane : lanes) {
      out.writeUTF(lane.stream);
      out.writeUTF(lane.run);
      out.writeByte(lane.lane.ordinal());
      out.writeUTF(lane.epoch);
      writeBytes(out, Json.encode(lane.profile));
      out.writeBoolean(lane.ended);
      out.writeBoolean(lane.worked);
      out.writeLong(lane.positionMicros);
      out.writeLong(lane.items);
      out.writeLong(lane.arrivedMillis);
      out.writeInt(lane.analyzers.size());
      for (byte[] state : lane.analyzers) {
        writeBytes(out, state);
      }
    }
  }

  /**
   * @throws IOException when it is no such state
   */
  static List<LaneState> read(DataInputStream in) throws IOException {
    int version = in.readByte();
    if (version != VERSION) {
      throw new IOException("version " + version + " is unknown");
    }
    int count = bounded(in.readInt(), MAX_LANES);
    List<LaneState> lanes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String stream = in.readUTF();
      String run = in.readUTF();
      Lane lane = Lane.values()[bounded(in.readByte(), Lane.values().length - 1)];
      String epoch = in.readUTF();
      Profile profile = Json.decode(readBytes(in), Profile.class);
      boolean ended = in.readBoolean();
      boolean worked = in.readBoolean();
      long position = in.readLong();
      long items = in.readLong();
      long arrived = in.readLong();
      int analyzers = bounded(in.readInt(), profile.analyzers().size());
      List<byte[]> states = new ArrayList<>();
      for (int a = 0; a < analyzers; a++) {
        states.add(readBytes(in));
      }
      lanes.add(
          new LaneState(
              stream, run, lane, epoch, profile, ended, worked, position, items, arrived, states));
    }
    return lanes;
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    return in.readNBytes(bounded(in.readInt(), MAX_BYTES));
  }

  private static int bounded(int value, int most) throws IOException {
    if (value < 0 || value > most) {
      throw new IOException("a count of " + value + " is not possible");
    }
    return value;
  }
}
