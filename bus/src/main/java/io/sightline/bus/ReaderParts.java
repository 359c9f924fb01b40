package io.sightline.bus;

import org.apache.kafka.clients.consumer.KafkaConsumer;

/** What the parts of one stage reader share. All but the completions belong to its thread. */
record ReaderParts(
    BusConfig bus,
    StageReaderConfig config,
    Stage stage,
    Checkpoints checkpoints,
    Writer writer,
    KafkaConsumer<byte[], byte[]> consumer,
    FailedTopic failed,
    SetAsideLog setAsideLog,
    CompletionQueue completions,
    ReaderCounters counters) {}
