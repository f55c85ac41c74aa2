/*
 * kerja topics create: what brokers must not make by themselves.
 *
 * The list is that of the events this release knows, so that an upgrade which adds a topic is this
 * command once more. What is there is left as it is; another number of partitions is an
 * error, because keys of one topic must lie where those of the others lie.
 */
#include "commands.h"

#include "schemas/events.h"
#include "session.h"

#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>

enum {
    ANSWER_TIMEOUT_MS = 60000,
    REPLICAS_MOST = 3,
    DAYS_PERSONAL = 14,
    DAYS = 30,
    TOPICS_BOUND = 64,
    REASON_SIZE = 256
};

static const char dead_letter[] =
    "dead.letter"; /* holds the bytes of others: personal, without a schema */

struct creating {
    struct session session;
    rd_kafka_t *client;
    int partitions, replicas;
    int created, found;
};

static bool client_open(struct creating *creating, struct error *error)
{
    char reason[REASON_SIZE];
    const struct properties *security = &creating->session.kafka_security;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_res_t set = RD_KAFKA_CONF_OK;
    for (size_t i = 0; set == RD_KAFKA_CONF_OK && i < security->count; i++)
        set = rd_kafka_conf_set(conf, security->items[i].name, security->items[i].value, reason,
                                sizeof reason);
    if (set == RD_KAFKA_CONF_OK &&
        rd_kafka_conf_set(conf, "bootstrap.servers", creating->session.settings.kafka, reason,
                          sizeof reason) == RD_KAFKA_CONF_OK &&
        rd_kafka_conf_set(conf, "client.id", "kerja-ctl", reason, sizeof reason) ==
            RD_KAFKA_CONF_OK)
        creating->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    if (creating->client != NULL)
        return true;
    rd_kafka_conf_destroy(conf);
    error_set(error, STOP, "cannot make a Kafka client: %s", reason);
    return false;
}

/* As many copies as there are brokers, and not more than three. */
static bool replicas_count(struct creating *creating, struct error *error)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t code =
        rd_kafka_metadata(creating->client, 0, NULL, &metadata, ANSWER_TIMEOUT_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        error_set(error, RETRY, "could not ask Kafka for its brokers: %s",
                  rd_kafka_err2str(code));
        return false;
    }
    creating->replicas =
        metadata->broker_cnt < REPLICAS_MOST ? metadata->broker_cnt : REPLICAS_MOST;
    rd_kafka_metadata_destroy(metadata);
    return true;
}

static rd_kafka_NewTopic_t *topic_new(const struct creating *creating, const char *name,
                                      int days)
{
    char reason[REASON_SIZE], retention_ms[32];
    snprintf(retention_ms, sizeof retention_ms, "%" PRId64,
             (int64_t)days * 24 * 60 * 60 * 1000);
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(
        name, creating->partitions, creating->replicas, reason, sizeof reason);
    if (topic == NULL)
        return NULL;
    rd_kafka_NewTopic_set_config(topic, "cleanup.policy", "delete");
    rd_kafka_NewTopic_set_config(topic, "message.timestamp.type", "LogAppendTime");
    rd_kafka_NewTopic_set_config(topic, "retention.ms", retention_ms);
    rd_kafka_NewTopic_set_config(topic, "min.insync.replicas",
                                 creating->replicas == REPLICAS_MOST ? "2" : "1");
    return topic;
}

/* A topic that is there must have the number of partitions that new ones get. */
static bool existing_fits(struct creating *creating, const char *name, struct error *error)
{
    int partitions;
    if (broker_partition_count(creating->session.broker, name, &partitions, error) != OK)
        return false;
    if (partitions == creating->partitions)
        return true;
    error_set(
        error, REJECT,
        "topic \"%s\" has %d partitions, KERJA_PARTITIONS is %d: all topics must have the "
        "same number; set it to what they have, or add partitions while drained",
        name, partitions, creating->partitions);
    return false;
}

static bool answer_take(struct creating *creating, const rd_kafka_topic_result_t *result,
                        struct error *error)
{
    const char *name = rd_kafka_topic_result_name(result);
    switch ((int)rd_kafka_topic_result_error(result)) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        creating->created++;
        return true;
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
        creating->found++;
        return existing_fits(creating, name, error);
    }
    error_set(error, STOP, "could not create topic \"%s\": %s", name,
              rd_kafka_topic_result_error_string(result));
    return false;
}

static bool answers_take(struct creating *creating, rd_kafka_event_t *event,
                         struct error *error)
{
    if (event == NULL || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        error_set(error, RETRY, "could not create topics: %s",
                  event == NULL ? "no answer" : rd_kafka_event_error_string(event));
        return false;
    }
    size_t count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    for (size_t i = 0; i < count; i++)
        if (!answer_take(creating, results[i], error))
            return false;
    return true;
}

static bool topics_create(struct creating *creating, struct error *error)
{
    rd_kafka_NewTopic_t *wanted[TOPICS_BOUND];
    size_t count = 0;
    wanted[count++] = topic_new(creating, dead_letter, DAYS_PERSONAL);
    for (size_t i = 0; i < all_events_count && count < TOPICS_BOUND; i++)
        wanted[count++] = topic_new(creating, all_events[i]->topic,
                                    all_events[i]->personal ? DAYS_PERSONAL : DAYS);
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(creating->client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    char reason[REASON_SIZE];
    rd_kafka_AdminOptions_set_operation_timeout(options, ANSWER_TIMEOUT_MS / 2, reason,
                                                sizeof reason);
    rd_kafka_queue_t *answers = rd_kafka_queue_new(creating->client);
    rd_kafka_CreateTopics(creating->client, wanted, count, options, answers);
    rd_kafka_event_t *event = rd_kafka_queue_poll(answers, ANSWER_TIMEOUT_MS);
    bool good = answers_take(creating, event, error);
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(answers);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_NewTopic_destroy_array(wanted, count);
    return good;
}

static int run(struct call *call)
{
    static struct creating creating;
    int status = session_open(&creating.session, call, OPEN_BROKER);
    creating.partitions = (int)creating.session.settings.partitions;
    if (status == EXIT_DONE &&
        (!client_open(&creating, &call->error) || !replicas_count(&creating, &call->error) ||
         !topics_create(&creating, &call->error)))
        status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        printf("topics: %d, %d of them new, with %d partitions and %d replica%s\n",
               creating.created + creating.found, creating.created, creating.partitions,
               creating.replicas, creating.replicas == 1 ? "" : "s");
    if (creating.client != NULL)
        rd_kafka_destroy(creating.client);
    session_close(&creating.session);
    return status;
}

const struct command topics_create_command = {
    .name = "topics create",
    .arguments = "",
    .summary = "makes the topics that are missing",
    .description =
        "Makes every topic of this release that Kafka does not have, with KERJA_PARTITIONS\n"
        "partitions, as many replicas as there are brokers, at most three, and 14 days of\n"
        "retention where records hold personal data, 30 elsewhere. What is there is left as "
        "it\n"
        "is. Run it before the first start and with every upgrade.",
    .run = run,
};
