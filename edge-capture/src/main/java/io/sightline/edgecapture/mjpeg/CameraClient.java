package io.sightline.edgecapture.mjpeg;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.Credentials;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Asks one camera: answers its challenges, follows it where it may lead, keeps to limits of size
 * and time. Every failure is a sentence without credentials. One thread.
 */
final class CameraClient implements AutoCloseable {

  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_LINE_BYTES = 16_384;
  private static final int MAX_HEADERS = 100;

  private final CameraAddress address;
  private final Duration openTimeout;
  private final Duration readTimeout;
  private final CloseableHttpClient http;
  private final Patience patience;
  private HttpClientContext context = HttpClientContext.create();
  private boolean welcome;
  private volatile HttpGet request;

  /**
   * @param openTimeout until the headers of an answer are there, redirects and challenges included
   * @param readTimeout until a picture is there
   * @param stop asked often; once it answers true, whatever blocks ends
   */
  CameraClient(
      CameraAddress address, Duration openTimeout, Duration readTimeout, BooleanSupplier stop) {
    this.address = address;
    this.openTimeout = openTimeout;
    this.readTimeout = readTimeout;
    this.http = client(address, openTimeout, readTimeout);
    this.patience = new Patience(stop, this::abort);
  }

  private static CloseableHttpClient client(
      CameraAddress address, Duration openTimeout, Duration readTimeout) {
    BasicHttpClientConnectionManager connection =
        BasicHttpClientConnectionManager.create(
            RegistryBuilder.<TlsSocketStrategy>create()
                .register(URIScheme.HTTPS.id, DefaultClientTlsStrategy.createDefault())
                .build(),
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setMaxLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .build());
    connection.setConnectionConfig(
        ConnectionConfig.custom()
            .setConnectTimeout(Timeout.of(openTimeout))
            .setSocketTimeout(Timeout.of(readTimeout))
            .build());
    connection.setTlsConfig(
        TlsConfig.custom().setHandshakeTimeout(Timeout.of(openTimeout)).build());
    return HttpClients.custom()
        .setConnectionManager(connection)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setMaxRedirects(MAX_REDIRECTS)
                .setResponseTimeout(Timeout.of(readTimeout))
                .build())
        .setDefaultCredentialsProvider((scope, context) -> credentials(address, scope))
        .setRedirectStrategy(new WebRedirects())
        .setRetryStrategy(new StaleConnections())
        .setUserAgent("Sightline")
        .disableContentCompression()
        .disableCookieManagement()
        .build();
  }

  /** They are for the host that they were given for, also where it insists on TLS. */
  private static Credentials credentials(CameraAddress address, AuthScope scope) {
    URI own = address.uri();
    boolean sameHost =
        scope.getHost() != null && scope.getHost().equalsIgnoreCase(host(own.getRawAuthority()));
    boolean sameDoor =
        own.getScheme().equalsIgnoreCase(scope.getProtocol())
            && scope.getPort() == port(own.getScheme(), own.getRawAuthority());
    boolean toTls =
        "https".equalsIgnoreCase(scope.getProtocol())
            && scope.getPort() == 443
            && port(own.getScheme(), own.getRawAuthority()) == 80;
    return address.user() != null && sameHost && (sameDoor || toTls)
        ? new UsernamePasswordCredentials(address.user(), address.password().toCharArray())
        : null;
  }

  private static String host(String authority) {
    String host = authority.replaceFirst(":\\d*$", "");
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(String scheme, String authority) {
    String port = authority.substring(authority.lastIndexOf(':') + 1);
    boolean given = authority.matches(".*:\\d+") && !authority.endsWith("]");
    return given ? Integer.parseInt(port) : scheme.equalsIgnoreCase("https") ? 443 : 80;
  }

  /**
   * Asks for what the camera has.
   *
   * @param headers further ones, such as conditions
   * @return an answer of 200, or 304 to a condition
   */
  CameraAnswer get(Map<String, String> headers) throws MediaException {
    CameraAnswer answer = ask(headers);
    if (answer == null && welcome) {
      // What was remembered of its challenge no longer holds, and not every camera says 'stale'.
      context = HttpClientContext.create();
      answer = ask(headers);
    }
    if (answer == null) {
      throw new MediaException(
          Reason.UNAUTHORIZED,
          address.user() == null
              ? address + " wants a user and a password"
              : address + " refuses these credentials");
    }
    welcome = true;
    return answer;
  }

  /** Something that reads from an answer. */
  interface Reading<T> {
    T read() throws IOException, MediaException;
  }

  /** Reads from an answer, for no longer than a picture may take. */
  <T> T read(Reading<T> reading) throws MediaException {
    patience.begin(readTimeout);
    try {
      return reading.read();
    } catch (IOException e) {
      throw failure(e, " sent no whole picture for " + seconds(readTimeout), " broke off");
    } finally {
      patience.end();
    }
  }

  /** Null when the camera refuses who asks. */
  private CameraAnswer ask(Map<String, String> headers) throws MediaException {
    HttpGet get = new HttpGet(address.uri());
    headers.forEach(get::setHeader);
    request = get;
    patience.begin(openTimeout);
    try {
      ClassicHttpResponse response = http.executeOpen(null, get, context);
      int status = response.getCode();
      if (status == HttpStatus.SC_OK
          || status == HttpStatus.SC_NOT_MODIFIED && !headers.isEmpty()) {
        return new CameraAnswer(response);
      }
      get.cancel();
      return refused(status);
    } catch (IOException e) {
      throw failure(e, " did not answer within " + seconds(openTimeout), " cannot be reached");
    } finally {
      patience.end();
    }
  }

  private CameraAnswer refused(int status) throws MediaException {
    switch (status) {
      case HttpStatus.SC_UNAUTHORIZED:
        return null;
      case HttpStatus.SC_FORBIDDEN:
        throw new MediaException(
            Reason.UNAUTHORIZED, address + " may not be seen by this user (403)");
      case HttpStatus.SC_NOT_FOUND:
      case HttpStatus.SC_GONE:
        throw new MediaException(
            Reason.NOT_FOUND, address + " does not exist: its server answers " + status);
      default:
        throw new MediaException(
            Reason.UNAVAILABLE, address + " cannot be had: its server answers " + status);
    }
  }

  private MediaException failure(IOException e, String tooLong, String otherwise) {
    if (patience.stopped()) {
      return new MediaException(Reason.TIMEOUT, "Reading " + address + " was interrupted", e);
    }
    if (patience.expired() || e instanceof SocketTimeoutException) {
      return new MediaException(Reason.TIMEOUT, address + tooLong, e);
    }
    if (e instanceof UnknownHostException) {
      return new MediaException(
          Reason.NOT_FOUND, address + " cannot be reached: there is no host of this name", e);
    }
    if (e instanceof HttpHostConnectException) {
      return new MediaException(
          Reason.UNAVAILABLE, address + " cannot be reached: nobody answers there", e);
    }
    if (e instanceof SSLException) {
      return new MediaException(
          Reason.UNAVAILABLE,
          address
              + " cannot be trusted: its TLS certificate is not one that this Java accepts for that"
              + " host. Give the camera a certificate that is, or use http",
          e);
    }
    if (e instanceof MessageConstraintException
        || e.getCause() instanceof MessageConstraintException) {
      return new MediaException(
          Reason.MALFORMED, address + " answers with headers that are too large", e);
    }
    if (e instanceof ClientProtocolException) {
      String why = WebRedirects.refusal(e);
      return new MediaException(
          Reason.MALFORMED,
          why == null ? address + " does not answer as HTTP has it" : address + why,
          e);
    }
    // Texts from libraries may quote what is not for people.
    return new MediaException(Reason.UNAVAILABLE, address + otherwise, e);
  }

  private static String seconds(Duration limit) {
    return String.format(Locale.ROOT, "%.1f s", limit.toMillis() / 1_000.0);
  }

  CameraAddress address() {
    return address;
  }

  /** Breaks off what is under way, without waiting for the rest of an answer. Any thread. */
  void abort() {
    HttpGet current = request;
    if (current != null) {
      current.cancel();
    }
  }

  /** At once, whatever is still to come. */
  @Override
  public void close() {
    patience.close();
    abort();
    http.close(CloseMode.IMMEDIATE);
  }
}
