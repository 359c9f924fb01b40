package io.sightline.ingestgateway.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.ingestgateway.web.Problem;
import java.time.LocalDate;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

  @Test
  void cursor_thereAndBack_isTheSame() {
    Cursor cursor = new Cursor(LocalDate.of(2026, 11, 20), "1763700000000000.lobby.live.x");
    assertThat(Cursor.decode(cursor.encode())).isEqualTo(cursor);
    assertThat(Cursor.decode(Cursor.below("a").encode())).isEqualTo(Cursor.below("a"));
    assertThat(Cursor.decode(null)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "no day|x", "2026-99-99|x", "|two words", "|\n"})
  void somethingElse_isRefused(String plain) {
    String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes());
    if (!plain.equals("abc")) {
      assertThatThrownBy(() -> Cursor.decode(plain + "!")).isInstanceOf(Problem.class);
    }
    assertThatThrownBy(() -> Cursor.decode(encoded)).isInstanceOf(Problem.class);
  }
}
