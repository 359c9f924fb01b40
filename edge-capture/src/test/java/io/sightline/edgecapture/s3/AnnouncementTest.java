package io.sightline.edgecapture.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnouncementTest {

  private static final Instant TIME = Instant.parse("2026-11-20T10:00:00.250Z");
  private static final String KEY = "live/a b+c/ü_00001.ts";
  private static final CreatedObject OBJECT =
      new CreatedObject("video", KEY, 188_000, TIME.toEpochMilli());

  @Test
  void event_asS3SendsIt_withAnEncodedKey() {
    String event = S3World.event("video", KEY, 188_000, TIME);

    assertThat(event).contains("live%2Fa+b%2Bc%2F%C3%BC_00001.ts");
    assertThat(created(event)).containsExactly(OBJECT);
    assertThat(created(S3World.bySns(event))).containsExactly(OBJECT);
  }

  @Test
  void event_asEventBridgeTellsIt_withAKeyAsItIs() {
    String event = S3World.byEventBridge("video", KEY, 188_000, TIME);

    assertThat(created(event)).containsExactly(OBJECT);
    assertThat(created(S3World.bySns(event))).containsExactly(OBJECT);
  }

  @Test
  void whatAnnouncesNothing_isUnderstood() {
    assertThat(
            created(
                "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Time\":"
                    + "\"2026-11-20T10:00:00.000Z\",\"Bucket\":\"video\"}"))
        .isEmpty();
    assertThat(
            created(
                S3World.event("video", KEY, 1, TIME)
                    .replace("ObjectCreated:Put", "ObjectRemoved:Delete")))
        .isEmpty();
    assertThat(
            created(
                S3World.byEventBridge("video", KEY, 1, TIME)
                    .replace("Object Created", "Object Deleted")))
        .isEmpty();
    assertThat(created("{\"Records\":[]}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "null",
        "42",
        "{}",
        "{\"Records\":[{}]}",
        "{\"Records\":[42]}",
        "{\"Records\":[{\"eventSource\":\"aws:ses\",\"eventName\":\"x\"}]}",
        "{\"Type\":\"Notification\",\"Message\":\"hello\"}",
        "{\"Type\":\"Notification\",\"Message\":{}}",
        "{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{}}"
      })
  void whatIsNoAnnouncement_isNone(String message) {
    assertThat(Announcement.parse(message)).isEmpty();
  }

  @Test
  void whatIsHalfAnAnnouncement_isNone() {
    String event = S3World.event("video", "a.ts", 1, TIME);

    assertThat(Announcement.parse(event.replace("a.ts", "%zz"))).isEmpty();
    assertThat(Announcement.parse(event.replace("a.ts", ""))).isEmpty();
    assertThat(Announcement.parse(event.replace("a.ts", "x".repeat(1_025)))).isEmpty();
    assertThat(Announcement.parse(event.replace(TIME.toString(), "yesterday"))).isEmpty();
    assertThat(Announcement.parse(event.replace("\"size\":1", "\"size\":-1"))).isEmpty();
    String wrapped = event;
    for (int n = 0; n < 5; n++) {
      wrapped = S3World.bySns(wrapped);
    }
    assertThat(Announcement.parse(wrapped)).isEmpty();
    assertThat(Announcement.parse("[".repeat(100_000))).isEmpty();
  }

  private static List<CreatedObject> created(String message) {
    return Announcement.parse(message).orElseThrow().created();
  }
}
