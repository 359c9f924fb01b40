package io.sightline.storage.testing;

import com.adobe.testing.s3mock.S3MockApplication;
import io.sightline.storage.s3.S3Access;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/** S3Mock in this process, and a client that sees everything in it. */
public final class S3Server implements AutoCloseable {

  public static final String REGION = "eu-west-1";

  /** Held, as levels are forgotten with their loggers. */
  private static final Logger TOMCAT = Logger.getLogger("org.apache");

  private final S3MockApplication mock;
  private final String endpoint;
  private final S3Client client;

  /** Its port is told by a method that is to be removed, in favour of none yet. */
  @SuppressWarnings("removal")
  public S3Server() {
    credentials();
    // Else Spring would set up the logging of the whole process anew.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    TOMCAT.setLevel(Level.WARNING);
    mock =
        S3MockApplication.start(
            new HashMap<>(
                Map.of(
                    S3MockApplication.PROP_HTTPS_PORT,
                    S3MockApplication.RANDOM_PORT,
                    S3MockApplication.PROP_HTTP_PORT,
                    S3MockApplication.RANDOM_PORT,
                    "server.ssl.enabled",
                    false,
                    "server.address",
                    "127.0.0.1",
                    "spring.main.banner-mode",
                    "off")));
    endpoint = "http://127.0.0.1:" + mock.getPort();
    client =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .region(Region.of(REGION))
            .endpointOverride(URI.create(endpoint))
            .forcePathStyle(true)
            .build();
  }

  /** Some for this process that no server here looks at. */
  public static void credentials() {
    System.setProperty("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE");
    System.setProperty("aws.secretAccessKey", "no-secret");
  }

  /** What a JVM of its own needs to be let in. */
  public String[] options() {
    return new String[] {
      "-Daws.accessKeyId=" + System.getProperty("aws.accessKeyId"),
      "-Daws.secretAccessKey=" + System.getProperty("aws.secretAccessKey")
    };
  }

  public String endpoint() {
    return endpoint;
  }

  public S3Access access() {
    return new S3Access(REGION, endpoint, true);
  }

  public S3Client client() {
    return client;
  }

  public S3Server bucket(String name) {
    client.createBucket(request -> request.bucket(name));
    return this;
  }

  /** The names of all objects of a bucket. */
  public List<String> names(String bucket) {
    return client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  /** The names of objects of which parts are there. */
  public List<String> unfinished(String bucket) {
    return client.listMultipartUploads(request -> request.bucket(bucket)).uploads().stream()
        .map(MultipartUpload::key)
        .toList();
  }

  @Override
  public void close() {
    client.close();
    mock.stop();
  }
}
