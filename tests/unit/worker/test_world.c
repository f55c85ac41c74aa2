/* The real world between a PostgreSQL and a Kafka that are played here, with a clock that moves as they answer: a long
 * recovery lives as long as it asks. */
#include "played.h"

#include "base/clock.h"
#include "persist/source_position.h"
#include "worker/recover.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    SOURCES = 2,
    SLOW_MS = 4000, /* of an answer that comes                     */
    DEADLINE_MS = 90000,
    INIT_MS = 12000,   /* until the producer has its transactional id */
    PATIENCE_MS = 6000 /* between two ticks                          */
};

static int64_t clock_ms, ticked_ms, longest_ms, init_left_ms, committed_after_ms;
static size_t ticks;
static enum outcome bounds;

volatile sig_atomic_t worker_stopping;

int64_t monotonic_ms(void)
{
    return clock_ms;
}

int64_t monotonic_us(void)
{
    return clock_ms * 1000;
}

int64_t realtime_us(void)
{
    return 0;
}

void http_tick(struct http *http, int64_t now_ms)
{
    (void)http;
    if (now_ms - ticked_ms > longest_ms)
        longest_ms = now_ms - ticked_ms;
    ticked_ms = now_ms;
    ticks++;
}

struct group_metadata *consumer_group_metadata(struct consumer *consumer, struct error *error)
{
    static char membership;
    (void)consumer;
    (void)error;
    return (struct group_metadata *)&membership;
}

void group_metadata_free(struct group_metadata *metadata)
{
    (void)metadata;
}

enum outcome consumer_log_bounds(struct consumer *consumer, struct log_bounds *all,
                                 size_t count, int timeout_ms, struct error *error)
{
    (void)consumer;
    clock_ms += timeout_ms < SLOW_MS ? timeout_ms : SLOW_MS;
    for (size_t i = 0; bounds == OK && i < count; i++)
        all[i] = (struct log_bounds){.at = all[i].at, .first = 0, .next = 10};
    return bounds == OK ? OK : error_set(error, bounds, "no bounds");
}

enum outcome source_position_claim(struct database *database, const char *cluster_id,
                                   const char *owner, const struct position *starts,
                                   size_t count, struct source_position *claimed,
                                   struct error *error)
{
    (void)database;
    (void)cluster_id;
    (void)owner;
    (void)error;
    clock_ms += SLOW_MS;
    for (size_t i = 0; i < count; i++)
        claimed[i] = (struct source_position){
            .at = starts[i].at, .next_offset = 5, .published_next = 5, .owner_epoch = 1};
    return OK;
}

enum outcome source_position_conflict(struct database *database, const char *cluster_id,
                                      const struct source_position *position,
                                      const char *reason, struct error *error)
{
    (void)database;
    (void)cluster_id;
    (void)position;
    (void)reason;
    (void)error;
    return OK;
}

enum outcome outbox_read(struct database *database, const char *cluster_id,
                         const struct topic_partition *at, int64_t from, int64_t until,
                         size_t limit, struct stored_payload **rows, size_t *count,
                         struct arena *arena, struct error *error)
{
    (void)database;
    (void)cluster_id;
    (void)at;
    (void)from;
    (void)until;
    (void)limit;
    (void)rows;
    (void)arena;
    (void)error;
    *count = 0;
    return OK;
}

enum outcome payload_unseal(const struct seal *seal, const struct payload_row *row,
                            struct slice payload, struct buffer *frames, struct error *error)
{
    (void)seal;
    (void)row;
    (void)payload;
    (void)frames;
    (void)error;
    return OK;
}

/* Older transactions hold K open until so much time is over. */
enum outcome consumer_committed(struct consumer *consumer, struct committed_position *committed,
                                size_t count, int timeout_ms, struct error *error)
{
    (void)consumer;
    if (clock_ms + timeout_ms < committed_after_ms) {
        clock_ms += timeout_ms;
        return error_set(error, RETRY, "held open");
    }
    for (size_t i = 0; i < count; i++) {
        committed[i].position.offset = 5;
        tag_format(&the_worker.publisher.settings.identity, 0, committed[i].tag);
    }
    return OK;
}

struct producer *producer_new(const struct producer_settings *settings, struct error *error)
{
    static char producer;
    (void)settings;
    (void)error;
    return (struct producer *)&producer;
}

void producer_free(struct producer *producer)
{
    (void)producer;
}

enum published producer_init(struct producer *producer, int timeout_ms, struct error *error)
{
    (void)producer;
    bool done = init_left_ms <= timeout_ms;
    clock_ms += done ? init_left_ms : timeout_ms;
    init_left_ms -= done ? init_left_ms : timeout_ms;
    if (!done)
        error_set(error, RETRY, "not yet");
    return done ? PUBLISH_CLEAN : PUBLISH_RETRIABLE;
}

enum published producer_begin(struct producer *producer, struct error *error)
{
    (void)producer;
    (void)error;
    return PUBLISH_CLEAN;
}

enum published producer_produce(struct producer *producer, struct slice payload, int timeout_ms,
                                struct error *error)
{
    (void)producer;
    (void)payload;
    (void)timeout_ms;
    (void)error;
    return PUBLISH_CLEAN;
}

enum published producer_flush(struct producer *producer, int timeout_ms, struct error *error)
{
    (void)producer;
    (void)timeout_ms;
    (void)error;
    return PUBLISH_CLEAN;
}

enum published producer_send_offsets(struct producer *producer,
                                     const struct committed_position *positions, size_t count,
                                     const struct group_metadata *group, int timeout_ms,
                                     struct error *error)
{
    (void)producer;
    (void)positions;
    (void)count;
    (void)group;
    (void)timeout_ms;
    (void)error;
    return PUBLISH_CLEAN;
}

enum published producer_commit(struct producer *producer, int timeout_ms, struct error *error)
{
    (void)producer;
    (void)timeout_ms;
    (void)error;
    return PUBLISH_CLEAN;
}

enum published producer_abort(struct producer *producer, int timeout_ms, struct error *error)
{
    (void)producer;
    (void)timeout_ms;
    (void)error;
    return PUBLISH_CLEAN;
}

unsigned producer_commit_requests(const struct producer *producer)
{
    (void)producer;
    return 1;
}

static struct source sources[SOURCES];
static struct committed_position committed[SOURCES];

static void begin(void)
{
    played_begin((struct worker){.loop_thread = pthread_self(), .committed = committed});
    struct publisher_settings settings = {.identity = {.service = "application"},
                                          .transaction_timeout_ms = 30000,
                                          .scan_interval_ms = 30000};
    memset(sources, 0, sizeof sources);
    for (int32_t i = 0; i < SOURCES; i++)
        sources[i].at = (struct topic_partition){.topic = "t", .partition = i};
    clock_ms = ticked_ms = 1000;
    ticks = 0;
    longest_ms = committed_after_ms = 0;
    init_left_ms = INIT_MS;
    bounds = OK;
    world_init(&the_worker);
    publisher_init(&the_worker.publisher, &the_worker.io, &settings);
}

static enum recover_result recover(void)
{
    enum recover_result result = recover_assignment(&the_worker.publisher, sources, SOURCES,
                                                    clock_ms + DEADLINE_MS, &the_worker.error);
    http_tick(NULL, clock_ms); /* the loop's next turn */
    return result;
}

static void test_a_recovery_that_waits_for_everybody_ticks(void **state)
{
    (void)state;
    begin();
    committed_after_ms = clock_ms + 75000;
    assert_int_equal(recover(), RECOVERED);
    assert_in_range(clock_ms, 70000, 1000 + DEADLINE_MS);
    assert_in_range(longest_ms, 1, PATIENCE_MS);
    assert_int_equal(sources[0].committed, 5);
    assert_int_equal(sources[0].log_end, 10);
    publisher_release(&the_worker.publisher);
}

static void test_one_that_gives_up_ticked_until_then(void **state)
{
    (void)state;
    begin();
    committed_after_ms = INT64_MAX;
    assert_int_equal(recover(), RECOVER_LATER);
    assert_string_equal(the_worker.error.text, "held open");
    assert_in_range(clock_ms, 70000, 1000 + DEADLINE_MS + PATIENCE_MS);
    assert_in_range(longest_ms, 1, PATIENCE_MS);
    begin();
    bounds = RETRY;
    assert_int_equal(recover(), RECOVER_LATER);
    assert_string_equal(the_worker.error.text, "no bounds");
    begin();
    init_left_ms = INT64_MAX;
    assert_int_equal(recover(), RECOVER_LATER);
    assert_string_equal(the_worker.error.text, "not yet");
    assert_in_range(longest_ms, 1, PATIENCE_MS);
    publisher_release(&the_worker.publisher);
}

static void *read_back(void *unused)
{
    (void)unused;
    const struct io *io = &the_worker.io;
    struct error error;
    assert_int_equal(
        io->committed(&the_worker, sources, SOURCES, clock_ms + DEADLINE_MS, &error), IO_OK);
    return NULL;
}

static void test_the_publisher_does_not_speak_for_the_loop(void **state)
{
    (void)state;
    pthread_t publisher;
    begin();
    committed_after_ms = clock_ms + 20000;
    assert_int_equal(pthread_create(&publisher, NULL, read_back, NULL), 0);
    pthread_join(publisher, NULL);
    assert_int_equal(sources[1].committed, 5);
    assert_int_equal(ticks, 0);
    read_back(NULL);
    assert_int_equal(ticks, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_recovery_that_waits_for_everybody_ticks),
        cmocka_unit_test(test_one_that_gives_up_ticked_until_then),
        cmocka_unit_test(test_the_publisher_does_not_speak_for_the_loop),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    played_end();
    return failed;
}
