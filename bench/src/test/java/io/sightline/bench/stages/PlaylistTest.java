package io.sightline.bench.stages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlaylistTest {

  @Test
  void lines_areWhatAPlaylistNames_inOrder() {
    String playlist =
        """
        #EXTM3U
        #EXT-X-MAP:URI="init-1.mp4"
        #EXTINF:2.0,
        seg-1-0.m4s

        #EXTINF:1.5,
        seg-1-1.m4s
        #EXT-X-ENDLIST
        """;

    assertThat(Playlist.lines(playlist)).containsExactly("seg-1-0.m4s", "seg-1-1.m4s");
  }
}
