package io.sightline.ingestgateway.medialive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateChangeTest {

  /** As the User Guide shows it ("JSON for a state change event"). */
  static final String EVENT =
      """
      {"version":"0","id":"fbcbbbe3-2541-d4a3-d819-x39f522a8ce",
       "detail-type":"MediaLive Channel State Change","source":"aws.medialive",
       "account":"111122223333","time":"2023-03-08T18:40:59Z","region":"us-west-2",
       "resources":["arn:aws:medialive:us-west-2:111122223333:channel:283886"],
       "detail":{"channel_arn":"arn:aws:medialive:us-west-2:111122223333:channel:123456",
         "state":"DELETED","message":"Deleted channel","pipelines_running_count":0}}
      """;

  @Test
  void channels_ofTheGuidesEvent_areAllThatItNames() {
    assertThat(StateChange.channels(EVENT, "us-west-2")).containsExactly("123456", "283886");
  }

  @Test
  void channels_ofAnotherRegion_areNone() {
    assertThat(StateChange.channels(EVENT, "eu-west-1")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "7",
        "{\"source\":\"aws.medialive\"}",
        "{\"source\":\"aws.s3\",\"detail-type\":\"MediaLive Channel State Change\"}",
        "{\"source\":\"aws.medialive\",\"detail-type\":\"MediaLive Channel State Change\","
            + "\"resources\":[\"arn:aws:medialive:us-west-2:1:channel:../x\",{},null],\"detail\":3}"
      })
  void channels_ofAnythingElse_areNone(String message) {
    assertThat(StateChange.channels(message, "us-west-2")).isEmpty();
  }
}
