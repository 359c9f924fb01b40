package io.sightline.analyzer.models;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The models that are known by name. */
public final class ModelCatalogue {

  private static final List<ModelEntry> ENTRIES =
      List.of(
          new ModelEntry(
              "yolox-nano",
              "YOLOX-Nano, 416 x 416: people, animals, vehicles and everyday things",
              URI.create(
                  "https://raw.githubusercontent.com/Kazuhito00/YOLOX-ONNX-TFLite-Sample/"
                      + "3d4f1119d0694200671c08069ecb847aa0d8495a/model/yolox_nano.onnx"),
              "695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14",
              3_660_092,
              "Apache-2.0",
              "Megvii; ONNX export by Kazuhito00/YOLOX-ONNX-TFLite-Sample",
              "the 80 classes of COCO, built in"));

  private ModelCatalogue() {}

  public static List<ModelEntry> entries() {
    return ENTRIES;
  }

  public static Optional<ModelEntry> find(String name) {
    return ENTRIES.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  public static List<String> names() {
    return ENTRIES.stream().map(ModelEntry::name).toList();
  }
}
