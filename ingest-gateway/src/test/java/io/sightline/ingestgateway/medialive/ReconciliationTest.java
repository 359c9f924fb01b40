package io.sightline.ingestgateway.medialive;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.ingestgateway.streams.FoundStreams.Found;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconciliationTest {

  private static final MediaLiveSettings SETTINGS = MediaLiveSettings.of("news", "eu-west-1");
  private static final Channel NEWS = new Channel("11", "News", "RUNNING", List.of("0", "1"));

  private final Map<String, Found> known = new TreeMap<>();

  @Test
  void ofAll_newChannel_isOneStreamPerPipelineThatRuns() {
    Channel half = new Channel("12", "Half", "RUNNING", List.of("1"));

    Reconciliation needed = Reconciliation.ofAll(known, List.of(NEWS, half), SETTINGS);

    assertThat(needed.there().stream().map(one -> one.stream().name()))
        .containsExactly(
            "medialive-eu-west-1-11-0", "medialive-eu-west-1-11-1", "medialive-eu-west-1-12-1");
    Found first = needed.there().get(0);
    assertThat(first.what())
        .isEqualTo("pipeline 0 of the MediaLive channel 'News' (11) in eu-west-1");
    assertThat(first.stream().inputs().get(0).url()).isEqualTo("medialive://11/0?region=eu-west-1");
    assertThat(first.stream().record()).isFalse();
    assertThat(needed.gone()).isEmpty();
  }

  @Test
  void ofAll_nothingNew_isNothing() {
    know(NEWS);

    Reconciliation needed = Reconciliation.ofAll(known, List.of(NEWS), SETTINGS);

    assertThat(needed.there()).isEmpty();
    assertThat(needed.gone()).isEmpty();
  }

  @Test
  void ofAll_channelOrPipelineThatIsNotThere_goes() {
    know(NEWS);
    know(new Channel("1", "Short", "RUNNING", List.of("0")));
    Channel half = new Channel("11", "News", "RUNNING", List.of("1"));

    Reconciliation needed = Reconciliation.ofAll(known, List.of(half), SETTINGS);

    assertThat(needed.gone())
        .containsExactly("medialive-eu-west-1-1-0", "medialive-eu-west-1-11-0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"IDLE", "STOPPING", "DELETING", "DELETED", "UPDATING", "NEVER_HEARD_OF"})
  void ofAll_channelThatDoesNotRun_goes(String state) {
    know(NEWS);

    Reconciliation needed =
        Reconciliation.ofAll(known, List.of(new Channel("11", "News", state, List.of())), SETTINGS);

    assertThat(needed.gone()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"STARTING", "RECOVERING"})
  void ofAll_channelInBetween_staysAsItIs(String state) {
    know(NEWS);
    Channel between = new Channel("11", "News", state, List.of());

    assertThat(Reconciliation.ofAll(known, List.of(between), SETTINGS).gone()).isEmpty();
    assertThat(Reconciliation.ofAll(Map.of(), List.of(between), SETTINGS).there()).isEmpty();
  }

  @Test
  void ofSome_othersStayAsTheyAre() {
    know(NEWS);
    know(new Channel("1", "Short", "RUNNING", List.of("0")));

    Reconciliation needed = Reconciliation.ofSome(known, List.of("1", "99"), List.of(), SETTINGS);

    assertThat(needed.gone()).containsExactly("medialive-eu-west-1-1-0");
    assertThat(needed.there()).isEmpty();
  }

  private void know(Channel channel) {
    Reconciliation.ofAll(Map.of(), List.of(channel), SETTINGS)
        .there()
        .forEach(one -> known.put(one.stream().name(), one));
  }
}
