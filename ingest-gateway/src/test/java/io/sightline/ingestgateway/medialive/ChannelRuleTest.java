package io.sightline.ingestgateway.medialive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelRuleTest {

  private static final Map<String, String> TAGS = Map.of("monitor", "yes", "team", "news.desk");

  @ParameterizedTest
  @CsvSource({
    "id:1234567, true",
    "id:123, false",
    "id:*, false",
    "name:News, false",
    "name:News *, true",
    "name:*live*, true",
    "name:N?ws live (EU), true",
    "name:*.*, false",
    "Name:*EU), true",
    "tag:monitor, true",
    "tag:monitor=yes, true",
    "tag:monitor=no, false",
    "tag:team=news.*, true",
    "tag:team=newsX*, false",
    "tag:owner, false",
  })
  void matches_byIdNameAndTag(String rule, boolean matches) {
    assertThat(ChannelRule.parse(rule).matches("1234567", "News live (EU)", TAGS))
        .isEqualTo(matches);
  }

  @Test
  void matches_channelWithoutName_isNoNameAtAll() {
    assertThat(ChannelRule.parse("name:*").matches("1", null, Map.of())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"News", "", "id:", "tag: ", "arn:aws", ":x"})
  void parse_anythingElse_saysHowRulesAreWritten(String rule) {
    assertThatThrownBy(() -> ChannelRule.parse(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tag:key=value")
        .hasMessageContaining("'" + rule + "'");
  }

  @Test
  void rules_excludeGoesBeforeInclude_andNoneIncludesAll() {
    MediaLiveSettings.Rules rules = rules(List.of("tag:monitor"), List.of("name:*test*"));

    assertThat(rules.allow("1", "News", TAGS)).isTrue();
    assertThat(rules.allow("1", "News test", TAGS)).isFalse();
    assertThat(rules.allow("1", "News", Map.of())).isFalse();
    assertThat(rules(List.of(), List.of("id:2")).allow("1", "News", Map.of())).isTrue();
  }

  private static MediaLiveSettings.Rules rules(List<String> include, List<String> exclude) {
    return new MediaLiveSettings(
            "news", "eu-west-1", include, exclude, null, null, null, false, null, null)
        .rules();
  }
}
