package io.sightline.ingestgateway.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The OpenAPI file. For the router it is cut down to the operations that are built from it, and to
 * the content types that the router can check; clients read it as it is.
 */
public final class ApiDescription {

  /** On the class path. */
  public static final String FILE = "openapi.yaml";

  private static final String BY_HAND = "x-wired";

  private ApiDescription() {}

  /** The contract of the control routes. */
  public static Future<OpenAPIContract> controlRoutes(Vertx vertx) {
    return vertx
        .fileSystem()
        .readFile(FILE)
        .compose(
            content -> vertx.executeBlocking(() -> withoutByHand(parse(content.toString())), false))
        .compose(contract -> OpenAPIContract.from(vertx, contract));
  }

  private static JsonObject parse(String yaml) {
    Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    return new JsonObject(document).copy();
  }

  private static JsonObject withoutByHand(JsonObject contract) {
    JsonObject paths = contract.getJsonObject("paths");
    for (String path : List.copyOf(paths.fieldNames())) {
      JsonObject operations = paths.getJsonObject(path);
      boolean any = false;
      for (String method : List.copyOf(operations.fieldNames())) {
        if (operations.getValue(method) instanceof JsonObject operation) {
          if (operation.containsKey(BY_HAND)) {
            operations.remove(method);
          } else {
            operation.remove("security");
            any = true;
          }
        }
      }
      if (!any) {
        paths.remove(path);
      }
    }
    dropContent(contract);
    // Who may call is asked by x-scope, before the router checks anything.
    contract.remove("security");
    // The router wants an absolute URL, of which it takes the path.
    for (Object server : contract.getJsonArray("servers")) {
      JsonObject one = (JsonObject) server;
      one.put("url", "http://localhost" + one.getString("url"));
    }
    return contract;
  }

  /** Takes out content that the router does not know, problem details above all. */
  private static void dropContent(Object node) {
    if (node instanceof JsonObject object) {
      if (object.getValue("content") instanceof JsonObject content) {
        List<String> known = new ArrayList<>();
        for (String type : List.copyOf(content.fieldNames())) {
          if (MediaType.isMediaTypeSupported(type)) {
            known.add(type);
          } else {
            content.remove(type);
          }
        }
        if (known.isEmpty()) {
          object.remove("content");
        }
      }
      object.forEach(entry -> dropContent(entry.getValue()));
    } else if (node instanceof JsonArray array) {
      array.forEach(ApiDescription::dropContent);
    }
  }
}
