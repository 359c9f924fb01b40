package io.sightline.edgecapture.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.MediaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaFolderTest {

  @TempDir Path parent;
  private final List<String> skipped = new ArrayList<>();

  @Test
  void files_areVideoOnly_inOrderOfName() throws Exception {
    Path folder = Files.createDirectory(parent.resolve("videos"));
    for (String name :
        List.of(
            "clip10.mp4",
            "clip2.MP4",
            "a.ts.part",
            "b.tmp",
            ".hidden.mp4",
            "notes.txt",
            "mp4",
            "c.mxf")) {
      Files.createFile(folder.resolve(name));
    }
    Files.createDirectory(folder.resolve("folder.mp4"));
    Files.createFile(folder.resolve("folder.mp4").resolve("inside.mp4"));

    assertThat(names(folder, null, 10)).containsExactly("c.mxf", "clip2.MP4", "clip10.mp4");
    assertThat(names(folder, "clip2.MP4", 10)).containsExactly("clip10.mp4");
  }

  @Test
  void files_linksOutOfTheFolder_arePassedOverAndSaid_thoseWithinAreFollowed() throws Exception {
    Path folder = Files.createDirectory(parent.resolve("videos"));
    Files.createFile(parent.resolve("secret.mp4"));
    Files.createFile(folder.resolve("a.mp4"));
    Files.createSymbolicLink(folder.resolve("out.mp4"), Path.of("../secret.mp4"));
    Files.createSymbolicLink(folder.resolve("in.mp4"), Path.of("a.mp4"));
    Files.createSymbolicLink(folder.resolve("nowhere.mp4"), Path.of("gone.mp4"));
    MediaFolder media = new MediaFolder(folder, skipped::add);

    List<FolderFile> files = media.files(null, file -> true, 10);
    media.files(null, file -> true, 10);

    assertThat(files).extracting(FolderFile::name).containsExactly("a.mp4", "in.mp4");
    assertThat(files)
        .extracting(file -> file.path().getFileName().toString())
        .containsOnly("a.mp4");
    assertThat(skipped).singleElement().asString().contains("'out.mp4'", "leads out");
  }

  @Test
  void files_folderThatIsItselfALink_isOne() throws Exception {
    Path folder = Files.createDirectory(parent.resolve("videos"));
    Files.createFile(folder.resolve("a.mp4"));
    Path link = Files.createSymbolicLink(parent.resolve("link"), folder);

    assertThat(names(link, null, 10)).containsExactly("a.mp4");
  }

  @Test
  void files_ofAVeryLargeFolder_givesTheFirstAlone_andGoesOnBehindThem() throws Exception {
    Path folder = Files.createDirectory(parent.resolve("videos"));
    for (int n = 0; n < 3_000; n++) {
      Files.createFile(folder.resolve("clip" + n + ".ts"));
    }

    assertThat(names(folder, null, 3)).containsExactly("clip0.ts", "clip1.ts", "clip2.ts");
    assertThat(names(folder, "clip998.ts", 2)).containsExactly("clip999.ts", "clip1000.ts");
  }

  @Test
  void files_folderIsAwayOrNone_saysSo() throws Exception {
    Path file = Files.createFile(parent.resolve("a.mp4"));

    assertThatThrownBy(() -> names(parent.resolve("gone"), null, 1))
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> assertThat(e.reason()).isEqualTo(MediaException.Reason.NOT_FOUND))
        .hasMessageContaining("There is no folder");
    assertThatThrownBy(() -> names(file, null, 1))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("is a file, not a folder");
  }

  private List<String> names(Path folder, String after, int limit) throws MediaException {
    return new MediaFolder(folder, skipped::add)
        .files(after, file -> true, limit).stream().map(FolderFile::name).toList();
  }
}
