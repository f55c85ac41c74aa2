/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "broker.h"

#include "base/clock.h"

#include <dirent.h>
#include <librdkafka/rdkafka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct error broker_error;

static const char *address(void)
{
    const char *value = getenv("KERJA_KAFKA");

    if (value == NULL)
        fail_msg("KERJA_KAFKA is not set");
    return value;
}

static void say(void *context, int level, const char *facility, const char *message,
                unsigned unsaid)
{
    (void)context;
    if (getenv("KERJA_VERBOSE") != NULL)
        fprintf(stderr, "%d %s %s (+%u)\n", level, facility, message, unsaid);
}

static struct client_log *log_of_all(void)
{
    static struct client_log log;

    if (log.line == NULL)
        client_log_init(&log, say, NULL);
    return &log;
}

static void create_topic(rd_kafka_t *client, const char *name, int partitions)
{
    char reason[256];
    rd_kafka_NewTopic_t *topic =
        rd_kafka_NewTopic_new(name, partitions, 1, reason, sizeof reason);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);

    assert_non_null(topic);
    rd_kafka_CreateTopics(client, &topic, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, BROKER_WAIT_MS);
    assert_non_null(event);
    size_t count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    assert_int_equal(count, 1);
    assert_int_equal(rd_kafka_topic_result_error(results[0]), RD_KAFKA_RESP_ERR_NO_ERROR);
    rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewTopic_destroy(topic);
}

void place_init(struct place *place, const char *name, int partitions)
{
    char reason[256];
    int run = (int)(realtime_us() / 1000 % 100000000);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    rd_kafka_conf_set(conf, "bootstrap.servers", address(), reason, sizeof reason);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof reason);
    assert_non_null(client);
    snprintf(place->input, sizeof place->input, "%s-%d-in", name, run);
    snprintf(place->output, sizeof place->output, "%s-%d-out", name, run);
    snprintf(place->group, sizeof place->group, "%s-%d", name, run);
    snprintf(place->instance, sizeof place->instance, "%s-%d-0", name, run);
    create_topic(client, place->input, partitions);
    create_topic(client, place->output, 1);
    rd_kafka_destroy(client);
}

void feed(const char *topic, int first, int count)
{
    const struct plain_settings settings = {.bootstrap = address(),
                                            .client_id = "feed",
                                            .message_timeout_ms = BROKER_WAIT_MS,
                                            .log = log_of_all()};
    struct plain *plain = plain_new(&settings, &broker_error);

    assert_non_null(plain);
    for (int i = first; i < first + count; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i);
        struct header header = {SLICE("ce_id"), slice_of(text)};
        assert_int_equal(plain_send(plain, topic, slice_of(text), slice_of(text), &header, 1, 0,
                                    &broker_error),
                         OK);
    }
    assert_int_equal(plain_flush(plain, BROKER_WAIT_MS, &broker_error), OK);
    plain_free(plain);
}

static void on_assigned(void *context, const struct topic_partition *partitions, size_t count)
{
    struct member *member = context;

    assert_in_range(count, 0, 16);
    group_metadata_free(member->membership);
    member->membership = consumer_group_metadata(member->consumer, &member->error);
    for (size_t i = 0; i < count; i++)
        member->positions[i] =
            (struct position){.at = partitions[i], .offset = member->start.offset};
    member->count = count;
    member->assigned++;
    assert_int_equal(
        consumer_assign(member->consumer, member->positions, count, &member->error), OK);
}

static void on_revoked(void *context, const struct topic_partition *partitions, size_t count)
{
    struct member *member = context;

    (void)partitions, (void)count;
    member->revoked++;
    consumer_unassign(member->consumer, &member->error);
}

static void on_lost(void *context, const struct topic_partition *partitions, size_t count)
{
    struct member *member = context;

    (void)partitions, (void)count;
    member->lost++;
    consumer_unassign(member->consumer, &member->error);
}

void member_begin(struct member *member, const struct place *place, const char *topic,
                  int64_t offset)
{
    const struct consumer_settings settings = {
        .bootstrap = address(),
        .group = place->group,
        .instance = place->instance,
        .topics = &topic,
        .topic_count = 1,
        .socket_timeout_ms = BROKER_SOCKET_MS,
        .session_timeout_ms = BROKER_SESSION_MS,
        .max_poll_interval_ms = BROKER_SESSION_MS * 2,
        .log = log_of_all(),
    };
    const struct consumer_callbacks callbacks = {.context = member,
                                                 .on_assigned = on_assigned,
                                                 .on_revoked = on_revoked,
                                                 .on_lost = on_lost};

    *member = (struct member){.start.offset = offset};
    member->consumer = consumer_new(&settings, &callbacks, &member->error);
    assert_non_null(member->consumer);
}

void member_join(struct member *member, const struct place *place, const char *topic,
                 int64_t offset)
{
    struct record record;
    int64_t end_ms = monotonic_ms() + BROKER_WAIT_MS;

    member_begin(member, place, topic, offset);
    /* Pausing keeps what comes, so that joining takes nothing away from the case. */
    assert_int_equal(consumer_pause(member->consumer, &member->error), OK);
    while (member->assigned == 0 && monotonic_ms() < end_ms)
        assert_int_not_equal(consumer_poll(member->consumer, 100, &record, &member->error),
                             CONSUMED_LOST);
    assert_int_equal(member->assigned, 1);
    assert_int_equal(consumer_resume(member->consumer, &member->error), OK);
}

void member_drop(struct member *member)
{
    consumer_free(member->consumer);
    group_metadata_free(member->membership);
    *member = (struct member){0};
}

enum consumed member_next(struct member *member, struct record *record, int timeout_ms)
{
    int64_t end_ms = monotonic_ms() + timeout_ms;
    enum consumed consumed;

    do {
        consumed = consumer_poll(member->consumer, 50, record, &member->error);
    } while ((consumed == CONSUMED_NOTHING || consumed == CONSUMED_ERROR) &&
             monotonic_ms() < end_ms);
    return consumed;
}

int64_t member_drain(struct member *member, int *records)
{
    struct record record = {0};
    enum consumed consumed;

    *records = 0;
    while ((consumed = member_next(member, &record, BROKER_WAIT_MS)) == CONSUMED_RECORD) {
        consumer_release(&record);
        (*records)++;
    }
    assert_int_equal(consumed, CONSUMED_END);
    return record.offset;
}

int64_t visible(const char *topic, int64_t end, int *records)
{
    static int readers;
    struct place place = {0};
    struct member reader;
    int64_t until_ms = monotonic_ms() + BROKER_WAIT_MS, met;

    *records = 0;
    snprintf(place.group, sizeof place.group, "%.40s-reader-%d", topic, ++readers);
    memcpy(place.instance, place.group, sizeof place.instance);
    member_join(&reader, &place, topic, 0);
    do {
        int more;
        met = member_drain(&reader, &more);
        *records += more;
    } while (met < end && monotonic_ms() < until_ms);
    member_drop(&reader);
    return met;
}

struct producer *producer_join(const struct place *place)
{
    return producer_join_within(place, (struct limits){.transaction_ms = 60000,
                                                       .message_ms = 50000,
                                                       .socket_ms = BROKER_SOCKET_MS});
}

struct producer *producer_join_within(const struct place *place, struct limits limits)
{
    static const struct header constant[] = {
        {{"ce_source", 9}, {"/kerja/test", 11}},
        {{"ce_specversion", 14}, {"1.0", 3}},
    };
    const struct publish_topic topic = {
        .name = place->output, .headers = constant, .header_count = 2};
    const struct producer_settings settings = {
        .bootstrap = address(),
        .transactional_id = place->instance,
        .topics = &topic,
        .topic_count = 1,
        .socket_timeout_ms = limits.socket_ms,
        .message_timeout_ms = limits.message_ms,
        .transaction_timeout_ms = limits.transaction_ms,
        .log = log_of_all(),
    };
    struct producer *producer = producer_new(&settings, &broker_error);

    assert_non_null(producer);
    if (producer_init(producer, BROKER_WAIT_MS, &broker_error) != PUBLISH_CLEAN)
        fail_msg("%s", broker_error.text);
    return producer;
}

struct slice payload_new(struct buffer *buffer, int count)
{
    static const struct header header = {{"ce_id", 5}, {"id", 2}};

    for (int i = 0; i < count; i++) {
        const struct frame frame = {.topic = 0,
                                    .timestamp_ms = 1,
                                    .key = SLICE("key"),
                                    .value = SLICE("value"),
                                    .headers = &header,
                                    .header_count = 1};
        assert_true(frame_append(buffer, &frame));
    }
    assert_false(buffer_failed(buffer));
    return buffer_slice(buffer);
}

enum published send_offset(struct producer *producer, const struct place *place, int64_t offset,
                           const struct group_metadata *membership)
{
    struct committed_position position = {.position.offset = offset, .tag = "kerja tag 1"};

    snprintf(position.position.at.topic, sizeof position.position.at.topic, "%s", place->input);
    return producer_send_offsets(producer, &position, 1, membership, BROKER_WAIT_MS,
                                 &broker_error);
}

enum outcome committed(struct member *member, const struct place *place, int timeout_ms,
                       struct committed_position *position)
{
    *position = (struct committed_position){0};
    snprintf(position->position.at.topic, sizeof position->position.at.topic, "%s",
             place->input);
    return consumer_committed(member->consumer, position, 1, timeout_ms, &broker_error);
}

static pid_t broker_pid(void)
{
    const char *value = getenv("KERJA_KAFKA_PID");
    long pid = value == NULL ? 0 : strtol(value, NULL, 10);

    if (pid <= 1)
        fail_msg("KERJA_KAFKA_PID is not set");
    return (pid_t)pid;
}

/* The state of a thread, as of proc(5): '\0' when it is gone. */
static char thread_state(pid_t pid, const char *thread)
{
    char path[64], text[256] = "";

    snprintf(path, sizeof path, "/proc/%d/task/%.16s/stat", (int)pid, thread);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return '\0';
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    const char *name_end = strrchr(text, ')'); /* "pid (name) state" */
    return name_end == NULL || name_end[1] == '\0' ? '\0' : name_end[2];
}

static bool threads_stand(pid_t pid)
{
    char path[32];
    bool stand = true;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);
    assert_non_null(threads);
    for (struct dirent *entry; stand && (entry = readdir(threads)) != NULL;) {
        char state = entry->d_name[0] == '.' ? '\0' : thread_state(pid, entry->d_name);
        stand = state == 'T' || state == '\0';
    }
    closedir(threads);
    return stand;
}

/* kill() returns while most of a broker's hundred threads still run, and one may answer yet. */
void broker_stop(void)
{
    pid_t pid = broker_pid();
    int64_t end_ms = monotonic_ms() + BROKER_WAIT_MS;

    assert_int_equal(kill(pid, SIGSTOP), 0);
    while (!threads_stand(pid))
        assert_true(monotonic_ms() < end_ms);
}

void broker_continue(void)
{
    kill(broker_pid(), SIGCONT);
}
