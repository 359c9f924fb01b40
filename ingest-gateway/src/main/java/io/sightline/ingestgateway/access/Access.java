package io.sightline.ingestgateway.access;

import io.sightline.ingestgateway.web.Problem;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Tells who calls, from a bearer token or from the session cookie. The cookie names the token it
 * was made of and is signed; taking the token out of the configuration ends its sessions.
 * Thread-safe.
 */
public final class Access {

  /** Of the session cookie. */
  public static final String COOKIE = "sightline";

  /** How long a browser stays signed in. */
  public static final Duration SESSION = Duration.ofDays(7);

  private static final String CALLER = "sightline.caller";

  private final List<AccessToken> tokens;
  private final Signer signer;
  private final FailedLogins failedLogins;
  private final Clock clock;

  public Access(List<AccessToken> tokens, Signer signer, Clock clock) {
    this.tokens = List.copyOf(tokens);
    this.signer = signer;
    this.failedLogins = new FailedLogins();
    this.clock = clock;
  }

  /** The caller that {@link #require} let through. */
  public static Caller caller(RoutingContext context) {
    Caller caller = context.get(CALLER);
    if (caller == null) {
      throw new IllegalStateException("This route does not ask who calls");
    }
    return caller;
  }

  /** A handler that lets through who may, and answers 401 or 403 to others. */
  public SecurityPolicyHandler require(Scope needed) {
    return context -> {
      check(context, needed);
      context.next();
    };
  }

  /**
   * Finds out who calls and puts it into the context.
   *
   * @throws Problem 401 without a valid token, 403 when it does not allow {@code needed}
   */
  public void check(RoutingContext context, Scope needed) {
    Caller caller =
        identify(context)
            .orElseThrow(
                () ->
                    Problem.of(
                        401,
                        "This needs a valid token: send 'Authorization: Bearer TOKEN', or sign in."));
    if (!caller.scope().allows(needed)) {
      throw Problem.of(
          403,
          "This needs the scope "
              + needed.id()
              + "; the token '"
              + caller.name()
              + "' has "
              + caller.scope().id()
              + ".");
    }
    context.put(CALLER, caller);
  }

  private Optional<Caller> identify(RoutingContext context) {
    String header = context.request().getHeader("Authorization");
    if (header != null) {
      if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
        return Optional.empty();
      }
      return token(header.substring(7).strip()).map(Access::callerOf);
    }
    Cookie cookie = context.request().getCookie(COOKIE);
    if (cookie == null) {
      return Optional.empty();
    }
    Optional<Caller> caller = session(cookie.getValue());
    if (caller.isPresent()) {
      Origins.requireSame(context.request());
    }
    return caller;
  }

  /**
   * Exchanges a token for the cookie.
   *
   * @throws Problem 401 when there is no such token, 429 when the address guessed too often
   */
  public Caller signIn(RoutingContext context, String token) {
    Origins.requireSame(context.request());
    String address = context.request().remoteAddress().hostAddress();
    if (failedLogins.tooMany(address)) {
      context.response().putHeader("Retry-After", "60");
      throw Problem.of(429, "There were too many wrong tokens from here; try again in a minute.");
    }
    AccessToken known =
        token(token)
            .orElseThrow(
                () -> {
                  failedLogins.add(address);
                  return Problem.of(401, "There is no such token.");
                });
    context.response().addCookie(cookie(context, seal(known)).setMaxAge(SESSION.toSeconds()));
    return callerOf(known);
  }

  public void signOut(RoutingContext context) {
    Origins.requireSame(context.request());
    context.response().addCookie(cookie(context, "").setMaxAge(0));
  }

  private static Cookie cookie(RoutingContext context, String value) {
    return Cookie.cookie(COOKIE, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(context.request().isSSL())
        .setSameSite(CookieSameSite.STRICT);
  }

  /** Compares with every token, so that the time taken does not tell how near a guess was. */
  private Optional<AccessToken> token(String text) {
    byte[] digest = AccessToken.sha256(text);
    AccessToken found = null;
    for (AccessToken token : tokens) {
      if (MessageDigest.isEqual(digest, token.digestBytes())) {
        found = token;
      }
    }
    return Optional.ofNullable(found);
  }

  private String seal(AccessToken token) {
    long until = clock.instant().plus(SESSION).getEpochSecond();
    String body = token.name() + "." + until;
    return body + "." + signer.sign(sealed(token, body));
  }

  private Optional<Caller> session(String value) {
    String[] parts = value.split("\\.", -1);
    if (parts.length != 3 || !parts[1].matches("\\d{1,15}")) {
      return Optional.empty();
    }
    String body = parts[0] + "." + parts[1];
    if (Long.parseLong(parts[1]) <= clock.instant().getEpochSecond()) {
      return Optional.empty();
    }
    return tokens.stream()
        .filter(token -> token.name().equals(parts[0]))
        .filter(token -> signer.verifies(sealed(token, body), parts[2]))
        .findFirst()
        .map(Access::callerOf);
  }

  private static String sealed(AccessToken token, String body) {
    byte[] bound = AccessToken.sha256("session" + token.digest());
    return "session\n" + body + "\n" + HexFormat.of().formatHex(bound, 0, 16);
  }

  private static Caller callerOf(AccessToken token) {
    return new Caller(token.name(), token.scope(), token.streams());
  }
}
