package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.ReelPiece.End;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReelPieceTest {

  private static final String FADED = "clips/%s/faded-1-1763700000000000/part.json";
  private static final String FILE = "inserts/1a-2b-1763700000000000/part.json";
  private static final String OUTRO = "inserts/3c-2b-1763700000000000/part.json";
  private static final ClipIndex SOME = new ClipIndex("some", List.of(), 0, List.of());

  @Test
  void of_replayWithoutTransitions_isItsClipsInOrder() {
    assertThat(ReelPiece.of(replay(true, null), List.of(item(1, null), item(0, null))))
        .containsExactly(
            new ReelPiece(clip(0), false, End.JOINED), new ReelPiece(clip(1), false, End.LAST));
  }

  @Test
  void of_completeReplay_endsAsItIs_withWhatPlaysLast() {
    assertThat(ReelPiece.of(replay(true, "1a"), items()))
        .containsExactly(
            new ReelPiece(FILE, true, End.LAST),
            new ReelPiece(FADED.formatted(clip(0)), true, End.JOINED),
            new ReelPiece(FADED.formatted(clip(1)), true, End.LAST),
            new ReelPiece(OUTRO, true, End.LAST));
  }

  @Test
  void of_growingReplay_endsOpen() {
    List<ReelPiece> pieces = ReelPiece.of(replay(false, "1a"), items());

    assertThat(pieces.get(2)).isEqualTo(new ReelPiece(FADED.formatted(clip(1)), true, End.OPEN));
    assertThat(pieces).hasSize(3);
  }

  @Test
  void of_itemThatLooksAsItsClip_isThat() {
    ReplayItem.Parts header = ReplayItem.Parts.of(FADED.formatted(clip(0)), true, null, null);
    ReplayItem.Parts failed = ReplayItem.Parts.of(null, true, null, null);

    assertThat(ReelPiece.of(replay(true, "1a"), List.of(item(0, header), item(1, failed))))
        .extracting(ReelPiece::media)
        .containsExactly(clip(0), clip(1));
  }

  @Test
  void of_replayOfBeforeItWasNotedWhatJoinsIt_isNothing() {
    assertThat(ReelPiece.of(replay(true, "1a"), List.of(item(0, null), item(1, null)))).isEmpty();
  }

  @Test
  void reel_whoseLastItemShowsNothingYet_showsNothingBeforeItEither() {
    ReplayItem.Parts first = ReplayItem.Parts.of(FADED.formatted(clip(0)), false, null, null);
    ReplayItem.Parts second = ReplayItem.Parts.of(FADED.formatted(clip(1)), false, FILE, null);
    List<ReelPiece> pieces =
        ReelPiece.of(replay(false, "1a"), List.of(item(0, first), item(1, second)));

    assertThat(ReelPiece.reel(pieces, new ArrayList<>(Arrays.asList(SOME, SOME, null)))).hasSize(1);
    assertThat(ReelPiece.reel(pieces, List.of(SOME, SOME, SOME))).hasSize(3);
    assertThat(ReelPiece.reel(pieces.subList(0, 2), List.of(SOME, SOME, SOME))).hasSize(2);
  }

  private static List<ReplayItem> items() {
    return List.of(
        item(1, ReplayItem.Parts.of(FADED.formatted(clip(1)), false, null, OUTRO)),
        item(0, ReplayItem.Parts.of(FADED.formatted(clip(0)), false, FILE, OUTRO)));
  }

  private static ReplayItem item(int order, ReplayItem.Parts parts) {
    return new ReplayItem(
        "goals",
        1,
        "lobby",
        "lobby.live.presence.176370000000000" + order,
        clip(order),
        "goal",
        order,
        1,
        1,
        0,
        true,
        "it was asked for",
        null,
        null,
        parts);
  }

  private static String clip(int order) {
    return "lobby.live.presence.176370000000000" + order + ".original.a0.r1.source";
  }

  private static Replay replay(boolean complete, String joins) {
    return new Replay(
        "goals",
        "Goals",
        new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of()),
        MediaState.READY,
        1,
        2,
        2,
        complete,
        false,
        "index",
        null,
        1,
        1,
        null,
        1,
        false,
        null,
        joins);
  }
}
