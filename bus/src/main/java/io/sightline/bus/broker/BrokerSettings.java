package io.sightline.bus.broker;

import java.nio.file.Path;
import java.util.Properties;

/**
 * How the embedded broker is set up: one node, loopback only, small. A single node acknowledges
 * what the operating system holds, which survives the end of the process, kill -9 included.
 *
 * @param port for clients
 * @param controllerPort for the node's talk to itself
 */
record BrokerSettings(Path log, int port, int controllerPort) {

  static final int NODE = 1;
  static final String CONTROLLER = "CONTROLLER";

  Properties properties() {
    Properties all = new Properties();
    all.put("process.roles", "broker,controller");
    all.put("node.id", Integer.toString(NODE));
    all.put("log.dirs", log.toString());
    all.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort);
    all.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    all.put("controller.listener.names", CONTROLLER);
    // Voters named here, not in the log, so that the ports may change from start to start.
    all.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
    all.put("auto.create.topics.enable", "false");
    all.put("default.replication.factor", "1");
    all.put("offsets.topic.replication.factor", "1");
    all.put("offsets.topic.num.partitions", "4");
    all.put("transaction.state.log.replication.factor", "1");
    all.put("transaction.state.log.min.isr", "1");
    all.put("share.coordinator.state.topic.replication.factor", "1");
    all.put("share.coordinator.state.topic.min.isr", "1");
    all.put("group.initial.rebalance.delay.ms", "0");
    all.put("group.min.session.timeout.ms", "1000");
    all.put("num.network.threads", "2");
    all.put("num.io.threads", "4");
    all.put("background.threads", "2");
    all.put("num.recovery.threads.per.data.dir", "2");
    all.put("log.cleaner.dedupe.buffer.size", "4194304");
    all.put("log.cleaner.io.buffer.size", "131072");
    all.put("log.index.size.max.bytes", "1048576");
    all.put("log.retention.check.interval.ms", "60000");
    all.put("metadata.log.segment.bytes", "67108864");
    all.put("metadata.max.retention.bytes", "67108864");
    all.put("controlled.shutdown.enable", "false");
    // A broker that starts again waits until what ran before counts as gone.
    all.put("broker.session.timeout.ms", "3000");
    all.put("broker.heartbeat.interval.ms", "500");
    return all;
  }
}
