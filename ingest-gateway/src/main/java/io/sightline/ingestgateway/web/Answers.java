package io.sightline.ingestgateway.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.bus.BusException;
import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How answers are written: JSON, and problem details for whatever went wrong. */
public final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /** Answers with JSON that must be asked for again each time. */
  public static void json(RoutingContext context, int status, JsonNode body) {
    HttpServerResponse response = context.response();
    if (response.ended()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(Json.encode(body)));
  }

  /** Answers with what comes of a future, and with a problem when nothing does. */
  public static <T> void json(
      RoutingContext context, int status, Future<T> result, Function<T, ? extends JsonNode> view) {
    result
        .<JsonNode>map(view::apply)
        .onSuccess(body -> json(context, status, body))
        .onFailure(context::fail);
  }

  /** Turns a failed route into problem details; for {@code Route.failureHandler}. */
  public static void failed(RoutingContext context) {
    Problem problem = problem(context);
    if (problem.status() >= 500) {
      LOG.warn(
          "{} {} failed: {}",
          context.request().method(),
          context.request().path(),
          problem.getMessage(),
          context.failure());
    }
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    problem(context, problem);
  }

  private static void problem(RoutingContext context, Problem problem) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("type", "about:blank");
    body.put("title", problem.title());
    body.put("status", problem.status());
    body.put("detail", problem.getMessage());
    body.put("instance", context.request().path());
    if (problem.field() != null) {
      body.put("field", problem.field());
    }
    if (problem.status() == 401) {
      context.response().putHeader("WWW-Authenticate", "Bearer realm=\"sightline\"");
    }
    context.response().headers().remove("Content-Length").remove("ETag");
    if (problem.status() != 416) {
      context.response().headers().remove("Content-Range");
    }
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(Json.encode(body)));
  }

  private static Problem problem(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure == null) {
      return ofStatus(context.statusCode());
    }
    return problem(failure);
  }

  /** What a failure is to whoever asked. */
  public static Problem problem(Throwable failure) {
    if (failure instanceof Problem problem) {
      return problem;
    }
    if (failure instanceof StorageException storage) {
      return switch (storage.reason()) {
        case NOT_FOUND -> Problem.notFound("There is no such thing here.");
        case CONFLICT -> Problem.of(409, "Somebody else changed this at the same time; try again.");
        case INVALID -> Problem.of(400, "This cannot be stored: " + storage.getMessage());
        case UNAVAILABLE -> Problem.of(503, "Storage does not answer; try again in a moment.");
      };
    }
    if (failure instanceof BusException) {
      return Problem.of(503, "Kafka does not take this just now; try again in a moment.");
    }
    if (failure instanceof MalformedRecordException) {
      return Problem.of(400, failure.getMessage());
    }
    if (failure instanceof ValidatorException) {
      return Problem.of(400, sentence(failure.getMessage()));
    }
    if (failure instanceof HttpException http) {
      if (http.getCause() instanceof ValidatorException invalid) {
        return Problem.of(400, sentence(invalid.getMessage()));
      }
      return ofStatus(http.getStatusCode());
    }
    return Problem.of(500, "Something went wrong here; the server's log says what.");
  }

  /** The innermost reason of a failure as a sentence, without what a JSON parser adds. */
  public static String cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage());
    int end = message.indexOf('\n');
    return sentence(end < 0 ? message : message.substring(0, end));
  }

  private static Problem ofStatus(int status) {
    return switch (status) {
      case 400 -> Problem.of(400, "The request cannot be understood.");
      case 404 -> Problem.notFound("There is nothing here.");
      case 405 -> Problem.of(405, "This cannot be done here; another method may.");
      case 413 -> Problem.of(413, "The request is larger than allowed.");
      case 415 -> Problem.of(415, "This type of content is not taken here.");
      default ->
          status >= 400 && status < 600
              ? Problem.of(status, "The request failed with status " + status + ".")
              : Problem.of(500, "Something went wrong here; the server's log says what.");
    };
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }
}
