package io.sightline.edgecapture.spool;

/** Records that go together when room is needed lie in files of their own. */
public enum SpoolLane {
  FRAMES("frames"),
  MEDIA("media");

  private final String file;

  SpoolLane(String file) {
    this.file = file;
  }

  String file() {
    return file;
  }
}
