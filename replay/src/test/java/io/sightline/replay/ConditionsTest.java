package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Json;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.SegmentCondition;
import io.sightline.records.Vote;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions as people write them, asked of one segment: a goal of 8 s, liked, 20 s into it. */
class ConditionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'what':'label','is':['save','GOAL']}; true; label is save or GOAL",
        "{'what':'label','contains':['oa']}; true; label contains oa",
        "{'what':'label','is':['save']}; false; label is save",
        "{'what':'text','contains':['Penalty']}; true; text contains Penalty",
        "{'what':'text','contains':['corner']}; false; text contains corner",
        "{'what':'feature','name':'crowd'}; true; 'crowd'",
        "{'what':'feature','name':'late'}; false; 'late'",
        "{'what':'feature','name':'shots'}; false; 'shots'",
        "{'what':'feature','name':'absent'}; false; 'absent'",
        "{'what':'feature','name':'late','is':[false]}; true; 'late' is false",
        "{'what':'feature','name':'speed','atLeast':27.5}; true; 'speed' at least 27.5",
        "{'what':'feature','name':'speed','atLeast':28}; false; 'speed' at least 28",
        "{'what':'feature','name':'speed','is':[27.5]}; true; 'speed' is 27.5",
        "{'what':'feature','name':'shots','atMost':0}; true; 'shots' at most 0",
        "{'what':'feature','name':'players','is':['mia','zoe']}; true; 'players' is mia or zoe",
        "{'what':'feature','name':'crowd','atLeast':1}; false; 'crowd' at least 1",
        "{'what':'confidence','atLeast':80}; true; confidence at least 80",
        "{'what':'confidence','atLeast':90}; false; confidence at least 90",
        "{'what':'durationSeconds','atLeast':8,'atMost':8}; true; durationSeconds at least 8 at most 8",
        "{'what':'durationSeconds','atMost':7.9}; false; durationSeconds at most 7.9",
        "{'what':'time','fromMicros':1700000020000000}; true; time from 1700000020000000",
        "{'what':'time','toMicros':1700000020000000}; false; time to 1700000020000000",
        "{'what':'feedback','is':['liked']}; true; feedback is liked",
        "{'what':'feedback','is':['disliked','none']}; false; feedback is disliked or none",
        "{'what':'stream','is':['court']}; true; stream is court",
        "{'what':'classifier','is':['rallies']}; false; classifier is rallies",
        "{'not':{'what':'label','is':['goal']}}; false; not (label is goal)",
        "{'and':[{'what':'label','is':['goal']},{'or':[{'what':'feature','name':'late'},{'what':'feature','name':'crowd'}]}]}; true; label is goal and ('late' or 'crowd')",
      })
  void condition_ofASegment_holdsOrNotAndReadsLikeASentence(
      String json, boolean holds, String text) {
    SegmentCondition condition =
        Json.decode(
            json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), SegmentCondition.class);
    Scene scene = new Scene();
    Segment segment =
        scene.add(
            20,
            28,
            "goal",
            Map.of(
                "crowd",
                true,
                "late",
                false,
                "shots",
                0,
                "speed",
                27.5,
                "comment",
                "from a PENALTY",
                "players",
                List.of("mia", "lea"),
                "peakConfidence",
                87.25));
    scene.say(segment, "ana", Vote.LIKE);
    scene.say(segment, "ben", Vote.LIKE);
    scene.say(segment, "cleo", Vote.DISLIKE);
    Candidate candidate =
        new ReplayMaterial(scene.segments, scene.clips, scene.feedback)
            .candidates(Scene.SELECTION, ReplayRules.ALL, null)
            .get(0);

    assertThat(Conditions.hold(condition, candidate)).isEqualTo(holds);
    assertThat(Conditions.text(condition)).isEqualTo(text);
  }

  @Test
  void feedback_asManyForAsAgainst_isNone() {
    Scene scene = new Scene();
    Segment segment = scene.add(0, 5, "goal");
    scene.say(segment, "ana", Vote.LIKE);
    scene.say(segment, "ben", Vote.DISLIKE);
    Candidate candidate =
        Candidate.of(segment, List.of(), scene.feedback.get(segment.id()), null, List.of(), null);

    assertThat(candidate.liked()).isFalse();
    assertThat(candidate.disliked()).isFalse();
  }
}
