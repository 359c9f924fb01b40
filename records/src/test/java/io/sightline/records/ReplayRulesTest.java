package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a replay may be asked for, and what is said when it cannot be. */
class ReplayRulesTest {

  private static final String A = "lobby.live.presence.1700000000000000";
  private static final String B = "lobby.live.presence.1700000001000000";
  private static final String C = "lobby.live.presence.1700000002000000";

  @Test
  void request_withoutRules_asksForAll() {
    ReplayRequest request =
        decode(
            "{\"replay\":\"r\",\"kind\":\"create\",\"selection\":{\"streams\":[\"lobby\"]},\"revision\":1}",
            ReplayRequest.class);

    assertThat(request.rulesOrAll()).isEqualTo(ReplayRules.ALL);
  }

  @Test
  void rules_written_areReadTheSame() {
    ReplayRules rules =
        decode(
            """
            {"mode": "features",
             "where": {"and": [{"or": [{"what": "label", "is": ["goal"]},
                                       {"what": "feature", "name": "speed", "atLeast": 20.5}]},
                               {"not": {"what": "feature", "name": "late", "is": [true, 3, "x"]}}]},
             "ignoreDisliked": true}
            """,
            ReplayRules.class);

    assertThat(rules.where().tests()).isEqualTo(3);
    assertThat(rules.where().depth()).isEqualTo(3);
    assertThat(Json.decode(Json.encode(rules), ReplayRules.class)).isEqualTo(rules);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'mode':'features'}; without any, ask for the mode 'all'",
        "{'mode':'best'}; not one of the values accepted",
        "{'mode':'duration'}; needs 'fill'",
        "{'where':{'what':'label','is':['a']}}; 'where' goes with the mode 'features' and 'duration', not with 'all'",
        "{'stretches':[{'stream':'lobby','startMicros':1,'endMicros':2}]}; 'stretches' goes with the mode 'timestamps'",
        "{'mode':'timestamps'}; 1 to 500 stretches, not 0",
        "{'mode':'timestamps','stretches':[{'stream':'lobby','startMicros':9,'endMicros':9}]}; must end after it starts: 9, 9",
        "{'mode':'timestamps','stretches':[{'stream':'lobby','startMicros':9,'endMicros':99000000000}]}; 24 hours at most",
        "{'mode':'timestamps','stretches':[{'stream':'a','startMicros':1,'endMicros':2},{'stream':'a','startMicros':1,'endMicros':2}]}; is given twice",
        "{'mode':'timestamps','forceLiked':true,'stretches':[{'stream':'a','startMicros':1,'endMicros':2}]}; exactly what is named is shown",
        "{'mode':'manual'}; needs 'decisions.order'",
        "{'mode':'manual','decisions':{'order':['a.1'],'locked':['a.1']}}; in place of locking and banning",
        "{'mode':'all','decisions':{'locked':['a.1'],'banned':['a.1']}}; is banned, so it cannot be locked or ordered too",
        "{'mode':'all','decisions':{'locked':['a.1','a.1']}}; twice; once is enough",
        "{'mode':'all','decisions':{'locked':['No Id']}}; is no id",
        "{'mode':'all','decisions':{'trims':[{'segment':'a.1','startMicros':5,'endMicros':5}]}}; must end after it starts",
      })
  void rules_thatCannotBe_sayWhatIsPossible(String json, String sentence) {
    assertThatThrownBy(() -> decode(json.replace('\'', '"'), ReplayRules.class))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{}; exactly one of 'and', 'or', 'not' and 'what'",
        "{'and':[]}; a list of one condition or more",
        "{'what':'label','and':[{'what':'label','is':['a']}]}; exactly one of",
        "{'not':{'what':'label','is':['a']},'atLeast':3}; in a condition of their own",
        "{'what':'label'}; nothing is asked; it takes [is, contains]",
        "{'what':'label','atLeast':3}; 'atLeast' means nothing here; it takes [is, contains]",
        "{'what':'label','is':[3]}; values are text",
        "{'what':'label','is':[['a']]}; values are text",
        "{'what':'label','is':['']}; 1 to 200 characters",
        "{'what':'feature','is':[3]}; 'name' says which feature",
        "{'what':'confidence','atLeast':101}; between 0 and 100, not at 101.0",
        "{'what':'durationSeconds','atLeast':5,'atMost':4}; must not lie below 'atLeast' (5.0)",
        "{'what':'durationSeconds','atLeast':-1}; numbers from 0",
        "{'what':'time','fromMicros':5,'toMicros':5}; must lie after 'fromMicros'",
        "{'what':'feedback','is':['loved']}; takes liked, disliked and none",
        "{'what':'weather','is':['rain']}; not one of the values accepted",
        "{'and':[{'what':'label','is':['a']},{'what':'label','is':['b']}]}; contradict each other: no label meets both",
        "{'and':[{'what':'confidence','atLeast':80},{'what':'confidence','atMost':60}]}; contradict each other",
        "{'and':[{'what':'label','is':['a']},{'not':{'what':'label','is':['a']}}]}; as it is and under 'not'",
        "{'or':[{'what':'label','is':['a']},{'what':'label','is':['a']}]}; twice",
      })
  void condition_thatCannotBe_saysWhatIsPossible(String json, String sentence) {
    assertThatThrownBy(() -> decode(json.replace('\'', '"'), SegmentCondition.class))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'targetMicros':0,'weights':[{'when':{'what':'label','is':['a']},'weight':1}]}; between 1 and 24 hours, not at 0",
        "{'targetMicros':5,'toleranceMicros':-1,'weights':[{'when':{'what':'label','is':['a']},'weight':1}]}; 'toleranceMicros' lies between 0",
        "{'targetMicros':5,'weights':[]}; takes 1 to 50 weights, not 0",
        "{'targetMicros':5,'weights':[{'when':{'what':'label','is':['a']},'weight':0}]}; between 1 and 100, not at 0",
        "{'targetMicros':5,'weights':[{'when':{'what':'label','is':['a']},'weight':101}]}; between 1 and 100, not at 101",
        "{'targetMicros':5,'weights':[{'weight':10}]}; says with 'when' what it is for",
        "{'targetMicros':5,'weights':[{'when':{'what':'label','is':['a']},'weight':1},{'when':{'what':'label','is':['a']},'weight':2}]}; give it one weight",
        "{'targetMicros':5,'exactFill':true,'equalDistribution':true,'weights':[{'when':{'what':'label','is':['a']},'weight':1}]}; choose one",
      })
  void fill_thatCannotBe_saysWhatIsPossible(String json, String sentence) {
    assertThatThrownBy(() -> decode(json.replace('\'', '"'), ReelFill.class))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void condition_deeperOrLargerThanAllowed_isRefused() {
    String deep = "{\"what\":\"label\",\"is\":[\"a\"]}";
    for (int i = 0; i < 8; i++) {
      deep = "{\"not\":" + deep + "}";
    }
    String endless = "{\"not\":".repeat(900) + deep + "}".repeat(900);
    assertThatThrownBy(() -> decode(endless, SegmentCondition.class))
        .isInstanceOf(MalformedRecordException.class);
    String tooDeep = deep;
    assertThatThrownBy(() -> decode(tooDeep, SegmentCondition.class))
        .hasMessageContaining("8 levels deep, not 9");
    List<SegmentCondition> many =
        IntStream.range(0, 101)
            .<SegmentCondition>mapToObj(i -> SegmentMatch.label("l" + i))
            .toList();
    assertThatThrownBy(() -> new SegmentCondition.Or(many))
        .hasMessageContaining("100 tests, not 101");
  }

  @Test
  void stretch_ofAnotherStream_isRefused() {
    assertThatThrownBy(
            () ->
                decode(
                    "{\"replay\":\"r\",\"kind\":\"create\",\"selection\":{\"streams\":[\"lobby\"]},"
                        + "\"rules\":{\"mode\":\"timestamps\",\"stretches\":[{\"stream\":\"yard\","
                        + "\"startMicros\":1,\"endMicros\":2}]}}",
                    ReplayRequest.class))
        .hasMessageContaining("name that stream too");
  }

  @Test
  void decisions_onOneSegment_theLastHolds() {
    ReelDecisions decisions = ReelDecisions.NONE.lock(A).lock(A).ban(B);
    assertThat(decisions.locked()).containsExactly(A);
    assertThat(decisions.banned()).containsExactly(B);
    assertThat(decisions.ban(A).locked()).isEmpty();
    assertThat(decisions.lock(B).banned()).isEmpty();
    assertThat(decisions.trim(new ReelDecisions.Trim(A, 1, 2)).free(A).free(B))
        .isEqualTo(ReelDecisions.NONE);
  }

  @Test
  void swap_ofTwo_leavesOthersInTheirPlaces() {
    List<String> playing = List.of(A, B, C);

    ReelDecisions swapped = ReelDecisions.NONE.swap(A, C, playing);

    assertThat(swapped.order()).containsExactly(C, A);
    // The reel now plays C, B, A; B and A change places: C, A, B.
    assertThat(swapped.swap(B, A, List.of(C, B, A)).order()).containsExactly(C, A, B);
    assertThatThrownBy(() -> ReelDecisions.NONE.swap(A, C, List.of(A, B)))
        .hasMessageContaining("not in the replay");
  }

  private static <T> T decode(String json, Class<T> type) {
    return Json.decode(json.getBytes(StandardCharsets.UTF_8), type);
  }
}
