package io.sightline.edgecapture.mjpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CameraAddressTest {

  @ParameterizedTest
  @CsvSource({
    "http://u:p@cam/a, http://cam/a, u, p",
    "http://u:p@ss@cam/a, http://cam/a, u, p@ss",
    "http://us%40er:p%3Aw%2f%25@cam:81/a?b=c, http://cam:81/a?b=c, us@er, p:w/%",
    "http://u:100%@cam/a, http://cam/a, u, 100%",
    "http://u:a:b@cam/a, http://cam/a, u, a:b",
    "http://u:se/cr?et#@cam/a, http://cam/a, u, se/cr?et#",
    "http://ü:pässwörd@[::1]:80/, http://[::1]:80/, ü, pässwörd",
    "http://u:%C3%A9@cam, http://cam/, u, é",
    "http://u:'' @cam/a, http://cam/a, u, ' '",
    "http://admin:{a|b}^`@cam_1/a, http://cam_1/a, admin, {a|b}^`",
  })
  void of_anyCredentials_areTakenAsMeant(String url, String uri, String user, String password)
      throws Exception {
    CameraAddress address = CameraAddress.of(url.replace("''", ""));

    assertThat(address.uri()).hasToString(uri);
    assertThat(address.user()).isEqualTo(user);
    assertThat(address.password()).isEqualTo(password);
    assertThat(address.toString()).doesNotContain("@").doesNotContain(":" + password);
  }

  @ParameterizedTest
  @CsvSource({
    "http://cam, http://cam/",
    "HTTP://cam?x=1, HTTP://cam/?x=1",
    "http://cam/a@b/c, http://cam/a@b/c",
    "http://cam:8080/a b|c?d=[1]&e=%20%zz#part, http://cam:8080/a%20b%7Cc?d=%5B1%5D&e=%20%25zz",
    "https://cam/ä, https://cam/%C3%A4",
    "http://cam/a//b/../c?q=//x, http://cam/a//b/../c?q=//x",
  })
  void of_anyPath_becomesAUri(String url, String uri) throws Exception {
    CameraAddress address = CameraAddress.of(url);

    assertThat(address.uri()).hasToString(uri);
    assertThat(address.user()).isNull();
  }

  @Test
  void of_userAlone_hasAnEmptyPassword() throws Exception {
    assertThat(CameraAddress.of("http://u@cam/").password()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://",
        "http:///a",
        "http://u:SECRET@",
        "http://u:SECRET@ho st/",
        "ftp://cam/",
        "http://u:SECRET@cam:99999/",
        "http://cam:x/",
        "http://u:SECRET@a]b/"
      })
  void of_noHost_isNotFoundAndShowsNothing(String url) {
    assertThatThrownBy(() -> CameraAddress.of(url))
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.NOT_FOUND))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("SECRET"));
  }
}
