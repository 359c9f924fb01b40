package io.sightline.ingestgateway;

import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.access.Scope;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.Map;
import java.util.function.Consumer;

/** Builds the control routes from the contract. Who may call is asked before anything else. */
final class ControlRouter {

  private static final int MAX_BODY_BYTES = 256 * 1024;
  private static final String SCOPE = "x-scope";

  private ControlRouter() {}

  /**
   * @param handlers by operation id; there must be one for each operation
   */
  static void mount(
      Vertx vertx,
      Router router,
      OpenAPIContract contract,
      Access access,
      Map<String, Consumer<RoutingContext>> handlers) {
    RouterBuilder builder =
        RouterBuilder.create(vertx, contract, RequestExtractor.withBodyHandler());
    SecurityPolicyHandler first = context -> check(context, contract, access);
    builder.rootHandler(first);
    builder.rootHandler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    for (OpenAPIRoute route : builder.getRoutes()) {
      String id = route.getOperation().getOperationId();
      Consumer<RoutingContext> handler = handlers.get(id);
      if (handler == null) {
        throw new IllegalStateException("Nothing handles the operation " + id);
      }
      route.addHandler(handler::accept);
      route.addFailureHandler(Answers::failed);
    }
    router.route("/api/v1/*").subRouter(builder.createRouter());
  }

  private static void check(RoutingContext context, OpenAPIContract contract, Access access) {
    Operation operation =
        contract.findOperation(context.request().path(), context.request().method());
    if (operation == null) {
      throw contract.findPath(context.request().path()) == null
          ? Problem.notFound("There is nothing here.")
          : Problem.of(405, "This cannot be done here; another method may.");
    }
    String scope = operation.getOpenAPIModel().getString(SCOPE);
    if (scope != null) {
      access.check(context, Scope.parse(scope));
    }
    context.next();
  }
}
