package io.sightline.analyzer;

import io.sightline.records.Box;
import io.sightline.records.Detection;
import io.sightline.records.Settings;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.AnalyzerPlugin;
import io.sightline.records.plugin.Picture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** Analyzers that read words instead of pictures: the frames of these tests are text. */
final class TestAnalyzers {

  private TestAnalyzers() {}

  /** Says what it reads, fails when it reads {@code bad}, sees nothing in {@code nothing}. */
  static AnalyzerPlugin reader() {
    return plugin("reader", settings -> new Reader());
  }

  /** Counts frames in order; the count is its state. */
  static AnalyzerPlugin tally() {
    return plugin("tally", settings -> new Tally());
  }

  /** Lets frames through only in groups of so many at a time. */
  static AnalyzerPlugin together(int frames) {
    CyclicBarrier barrier = new CyclicBarrier(frames);
    return plugin("together", settings -> new Together(barrier));
  }

  private interface Opening {
    Analyzer open(Settings settings);
  }

  private static AnalyzerPlugin plugin(String name, Opening opening) {
    return new AnalyzerPlugin() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean needsPictures() {
        return true;
      }

      @Override
      public void check(Settings settings) {
        settings.complete();
      }

      @Override
      public Analyzer open(Settings settings) {
        return opening.open(settings);
      }
    };
  }

  static String words(Picture picture) {
    return new String(picture.jpeg(), StandardCharsets.UTF_8);
  }

  private static final class Reader implements Analyzer {
    @Override
    public boolean inOrder() {
      return false;
    }

    @Override
    public List<Detection> look(Picture picture) throws AnalysisException {
      String words = words(picture);
      if (words.equals("bad")) {
        throw new AnalysisException("this frame is bad");
      }
      if (words.equals("worse")) {
        throw new IllegalStateException("this frame is worse");
      }
      return words.equals("nothing")
          ? List.of()
          : List.of(Detection.of("reader", words, 90, new Box(0.1, 0.1, 0.2, 0.2)));
    }
  }

  private static final class Tally implements Analyzer {
    private int count;

    @Override
    public boolean inOrder() {
      return true;
    }

    @Override
    public List<Detection> look(Picture picture) {
      count++;
      return List.of(
          Detection.of("tally", "count", 50, null).withAttributes(Map.of("count", count)));
    }

    @Override
    public byte[] state() {
      return ByteBuffer.allocate(4).putInt(count).array();
    }

    @Override
    public void restore(byte[] state) {
      count = ByteBuffer.wrap(state).getInt();
    }
  }

  private record Together(CyclicBarrier barrier) implements Analyzer {
    @Override
    public boolean inOrder() {
      return false;
    }

    @Override
    public List<Detection> look(Picture picture) throws AnalysisException {
      try {
        barrier.await(60, TimeUnit.SECONDS);
        return List.of();
      } catch (Exception e) {
        throw new AnalysisException("Nobody came along", e);
      }
    }
  }
}
