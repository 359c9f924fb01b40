package io.sightline.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between the rooms, as docs/architecture.md draws them. */
class ArchitectureTest {

  private static final String ALL = "io.sightline..";
  private static final String RECORDS = "io.sightline.records..";
  private static final String STORAGE = "io.sightline.storage..";
  private static final String BUS = "io.sightline.bus..";
  private static final String MEDIA = "io.sightline.media..";
  private static final String LAUNCHER = "io.sightline.launcher..";

  private static JavaClasses sightline;

  @BeforeAll
  static void read() {
    sightline =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.sightline");
  }

  /** A room that is not read would keep every rule. */
  @Test
  void rooms_areAllRead() {
    Set<String> rooms =
        sightline.stream()
            .map(type -> type.getPackageName().split("\\.")[2])
            .collect(Collectors.toSet());

    assertThat(rooms)
        .containsExactlyInAnyOrder(
            "records",
            "storage",
            "bus",
            "media",
            "edgecapture",
            "ingestgateway",
            "analyzer",
            "segmenter",
            "clipper",
            "replay",
            "alerter",
            "launcher");
  }

  @Test
  void records_seeNoOtherRoom() {
    seesOnly(RECORDS);
  }

  @Test
  void records_knowNeitherVertxNorKafka() {
    noClasses()
        .that()
        .resideInAPackage(RECORDS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "org.apache.kafka..", "org.bytedeco..", "java.sql..")
        .check(sightline);
  }

  @ParameterizedTest
  @ValueSource(strings = {STORAGE, BUS, MEDIA})
  void infrastructure_seesTheRecordsAlone(String room) {
    seesOnly(room, RECORDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "edgecapture",
        "ingestgateway",
        "analyzer",
        "segmenter",
        "clipper",
        "replay",
        "alerter"
      })
  void stage_seesNoOtherStage(String stage) {
    seesOnly("io.sightline." + stage + "..", RECORDS, STORAGE, BUS, MEDIA);
  }

  @Test
  void rooms_haveNoCycle() {
    slices().matching("io.sightline.(*)..").should().beFreeOfCycles().check(sightline);
  }

  /** What can be taken away without the rest: only what wires it knows it. */
  @Test
  void mediaLive_isKnownToItselfAndTheLauncherAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sightline.edgecapture.medialive..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.sightline.edgecapture.medialive..")
        .check(sightline);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.sightline.ingestgateway.medialive..", LAUNCHER)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.sightline.ingestgateway.medialive..")
        .check(sightline);
  }

  /** As before; and where clips are made, nothing but it knows a cloud. */
  @Test
  void mediaConvert_isKnownToItselfAndTheLauncherAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.sightline.clipper.mediaconvert..", LAUNCHER)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.sightline.clipper.mediaconvert..")
        .check(sightline);
    noClasses()
        .that()
        .resideInAPackage("io.sightline.clipper")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(sightline);
  }

  @Test
  void nativeCode_isTouchedByMediaAndModelRunnersAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackages(MEDIA, "io.sightline.analyzer.onnx..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..", "ai.onnxruntime..")
        .check(sightline);
    noClasses()
        .that()
        .resideInAPackage(MEDIA)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.onnxruntime..")
        .check(sightline);
  }

  @Test
  void kafka_isKnownToTheBusAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(BUS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(sightline);
  }

  /** Without its packages for a cloud, capture is whole. */
  @Test
  void capture_seesNoCloudButByItsSourceKinds() {
    noClasses()
        .that()
        .resideInAnyPackage("io.sightline.edgecapture", "io.sightline.edgecapture.folder..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.sightline.edgecapture.aws..",
            "io.sightline.edgecapture.kvs..",
            "io.sightline.edgecapture.s3..",
            "software.amazon..")
        .check(sightline);
  }

  @Test
  void sql_isKnownToStorageAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(STORAGE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.sqlite..")
        .check(sightline);
  }

  /** So that capture works when the package is taken away. */
  @Test
  void kinesis_isKnownToNobody() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sightline.edgecapture.kinesis..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.sightline.edgecapture.kinesis..", "software.amazon.awssdk.services.kinesis..")
        .check(sightline);
  }

  @Test
  void environment_isReadByTheLauncherAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(LAUNCHER)
        .should()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getenv")
        .check(sightline);
  }

  private static void seesOnly(String room, String... others) {
    String[] seen = new String[others.length + 1];
    seen[0] = room;
    System.arraycopy(others, 0, seen, 1, others.length);
    classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(seen).or(not(resideInAnyPackage(ALL))))
        .check(sightline);
  }
}
