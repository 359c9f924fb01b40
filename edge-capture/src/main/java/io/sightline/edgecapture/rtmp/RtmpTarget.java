package io.sightline.edgecapture.rtmp;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for encoders: any number of publishers on one port, each of them led to its stream by the
 * path and the stream key. Begins to listen with the first stream that is to be published to. Safe
 * for use by any thread.
 */
public final class RtmpTarget {

  private static final Logger LOG = LoggerFactory.getLogger(RtmpTarget.class);

  private static final int MAX_CONNECTIONS = 1_024;

  /** Of those that have not shown a key yet. */
  private static final int MAX_STRANGERS = 64;

  private static final Duration INTRODUCTION = Duration.ofSeconds(10);

  /** Slows down whoever tries keys, and lets the refusal reach the encoder. */
  private static final Duration REFUSAL = Duration.ofSeconds(1);

  private static final int RECEIVE_BYTES = 256 * 1_024;

  private final Vertx vertx;
  private final Context context;
  private final RtmpSettings settings;

  /** Of each stream: one, or one for each of its encoders that stand in for each other. */
  private final Map<String, List<RtmpSlot>> slots = new ConcurrentHashMap<>();

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger strangers = new AtomicInteger();

  private volatile String trouble;
  private volatile int port;

  // Under this.
  private Future<NetServer> server;

  public RtmpTarget(Vertx vertx, RtmpSettings settings) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.settings = settings;
    this.port = settings.port();
  }

  /**
   * Makes a place for a publisher of a stream.
   *
   * @param key that the publisher must show; where a stream has several places, it tells them apart
   * @throws IllegalStateException when the stream has one with that key already
   */
  public RtmpSlot open(String stream, String key) {
    RtmpSlot slot = new RtmpSlot(this, stream, key);
    slots.merge(
        stream,
        List.of(slot),
        (there, added) -> {
          if (there.stream().anyMatch(other -> other.opensWith(key))) {
            throw new IllegalStateException("'" + stream + "' is published to already");
          }
          return Stream.concat(there.stream(), added.stream()).toList();
        });
    listen();
    return slot;
  }

  /** What an encoder is told as its server, without the key. */
  public String url(String stream) {
    return settings.url(stream, port);
  }

  /** Completes when it listens, with the port; fails when it cannot. */
  public Future<Integer> listening() {
    return listen().map(NetServer::actualPort);
  }

  /** Ends all connections and listens no more. */
  public Future<Void> close() {
    slots.values().forEach(all -> all.forEach(RtmpSlot::close));
    Future<NetServer> listening;
    synchronized (this) {
      listening = server;
    }
    return listening == null
        ? Future.succeededFuture()
        : listening.compose(NetServer::close).otherwiseEmpty();
  }

  /** Why nobody can publish; null when they can. */
  String trouble() {
    return trouble;
  }

  void forget(RtmpSlot slot) {
    slots.computeIfPresent(
        slot.stream(),
        (stream, there) -> {
          List<RtmpSlot> left = there.stream().filter(other -> other != slot).toList();
          return left.isEmpty() ? null : left;
        });
  }

  private synchronized Future<NetServer> listen() {
    if (server == null || server.failed()) {
      server = context.executeBlocking(this::create).compose(this::bind);
    }
    return server;
  }

  private NetServer create() {
    NetServerOptions options =
        new NetServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setReceiveBufferSize(RECEIVE_BYTES);
    if (settings.encrypted()) {
      options
          .setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(settings.certificate().toString())
                  .setKeyPath(settings.key().toString()));
    }
    return vertx.createNetServer(options).connectHandler(this::connected);
  }

  private Future<NetServer> bind(NetServer created) {
    return created
        .listen()
        .onSuccess(
            bound -> {
              port = bound.actualPort();
              trouble = null;
              LOG.info("Encoders publish to {}", settings.url("<stream>", port));
            })
        .onFailure(
            failure -> {
              trouble =
                  "Nobody can publish: "
                      + settings.host()
                      + ":"
                      + settings.port()
                      + " cannot be listened on ("
                      + failure.getMessage()
                      + "); set capture.rtmp.port to a free one";
              LOG.error(trouble);
            });
  }

  private void connected(NetSocket socket) {
    if (connections.get() >= MAX_CONNECTIONS || strangers.get() >= MAX_STRANGERS) {
      LOG.warn("{} is turned away: too many connections", socket.remoteAddress());
      socket.close();
      return;
    }
    connections.incrementAndGet();
    strangers.incrementAndGet();
    new Connection(socket).begin();
  }

  /** One encoder's connection. Of its event loop. */
  private final class Connection implements Publication.Peer {

    private final NetSocket socket;
    private final Context loop = vertx.getOrCreateContext();
    private final String from;
    private final RtmpSession session;
    private boolean stranger = true;
    private boolean ending;
    private String why = "the connection was closed";

    Connection(NetSocket socket) {
      this.socket = socket;
      this.from = String.valueOf(socket.remoteAddress());
      this.session = new RtmpSession(socket::write, this::admit);
    }

    void begin() {
      long introduction =
          vertx.setTimer(
              INTRODUCTION.toMillis(),
              late -> {
                if (stranger) {
                  why = "it did not publish within " + INTRODUCTION.toSeconds() + " s";
                  socket.close();
                }
              });
      socket.handler(this::feed);
      socket.exceptionHandler(failure -> why = "the connection broke: " + failure.getMessage());
      socket.closeHandler(
          end -> {
            vertx.cancelTimer(introduction);
            connections.decrementAndGet();
            known();
            session.closed(from + ": " + why);
            LOG.debug("{}: {}", from, why);
          });
    }

    private void feed(Buffer data) {
      if (ending) {
        return;
      }
      try {
        session.feed(data);
      } catch (RtmpException e) {
        fail(e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("{}: a message was not understood", from, e);
        fail("a message was not understood");
      }
    }

    private void fail(String reason) {
      ending = true;
      why = reason;
      LOG.warn("{} is refused: {}", from, reason);
      session.closed(from + ": " + reason);
      vertx.setTimer(REFUSAL.toMillis(), now -> socket.close());
    }

    private Publication admit(String app, String key) throws RtmpException {
      RtmpSlot slot = null;
      // All of them are compared, whichever it is.
      for (RtmpSlot each : slots.getOrDefault(app, List.of())) {
        slot = each.opensWith(key) ? each : slot;
      }
      // One answer for both, so that nobody learns which streams there are.
      if (slot == null) {
        throw new RtmpException("There is no such stream, or it has another key");
      }
      Publication admitted = slot.admit(this, from);
      known();
      LOG.info("{}: {} publishes", slot.stream(), from);
      return admitted;
    }

    private void known() {
      if (stranger) {
        stranger = false;
        strangers.decrementAndGet();
      }
    }

    @Override
    public void pause() {
      loop.runOnContext(now -> socket.pause());
    }

    @Override
    public void resume() {
      loop.runOnContext(now -> socket.resume());
    }

    @Override
    public void end(String reason) {
      loop.runOnContext(
          now -> {
            if (!ending) {
              fail(reason);
            }
          });
    }
  }
}
