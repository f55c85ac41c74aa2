/*
 * publishing - how a worker's publisher is set up: its topics, their headers, and time limits that are each shorter than the next.
 */
#include "schemas/events.h"
#include "worker/worker.h"

#include <stdlib.h>

/* Every topic with the headers that CloudEvents wants the same on each of its records. */
static void name_topics(struct worker *worker)
{
    static struct publish_topic topics[PRODUCER_TOPICS];
    static struct header headers[PRODUCER_TOPICS][3];
    static char source[80];
    snprintf(source, sizeof source, "/kerja/%s", worker->service->name);
    for (size_t i = 0; i < all_events_count; i++) {
        headers[i][0] = (struct header){SLICE("ce_source"), slice_of(source)};
        headers[i][1] = (struct header){SLICE("ce_type"), slice_of(all_events[i]->ce_type)};
        headers[i][2] = (struct header){SLICE("ce_specversion"), SLICE("1.0")};
        topics[i] = (struct publish_topic){all_events[i]->topic, headers[i], 3};
    }
    topics[all_events_count] = (struct publish_topic){.name = "dead.letter"};
    worker->producer_settings.topics = topics;
    worker->producer_settings.topic_count = all_events_count + 1;
}

static void on_client_log(void *context, int level, const char *facility, const char *message,
                          unsigned unsaid)
{
    struct worker *worker = context;
    log_at(&worker->log, level <= 3 ? LEVEL_WARNING : LEVEL_DEBUG, LOG_FACT("kafka client"),
           LOG_TEXT("facility", facility), LOG_TEXT("message", message),
           LOG_NUMBER("unsaid", unsaid));
}

bool publishing_open(struct worker *worker)
{
    int timeout_ms = (int)worker->settings.transaction_timeout_ms;
    struct publisher_settings settings = {.transaction_timeout_ms = timeout_ms,
                                          .scan_interval_ms =
                                              worker->settings.scan_interval_ms};
    snprintf(settings.identity.service, sizeof settings.identity.service, "%s",
             worker->service->name);
    settings.identity.system_identifier = strtoull(worker->system_identifier, NULL, 10);
    name_topics(worker);
    worker->producer_settings.bootstrap = worker->settings.kafka;
    worker->producer_settings.security = &worker->kafka_security;
    worker->producer_settings.transactional_id = worker->instance;
    worker->producer_settings.socket_timeout_ms = timeout_ms / 3;
    worker->producer_settings.message_timeout_ms = timeout_ms * 2 / 3;
    worker->producer_settings.transaction_timeout_ms = timeout_ms;
    worker->producer_settings.log = &worker->client_log;
    client_log_init(&worker->client_log, on_client_log, worker);
    world_init(worker);
    publisher_init(&worker->publisher, &worker->io, &settings);
    worker->publishing = publisher_thread_new(&worker->publisher);
    return worker->publishing != NULL;
}
