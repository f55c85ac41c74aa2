/* What publish/ promises, shown on a real broker. */
#include "broker.h"

#include "base/clock.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

/* Where the log's bounds say that a read_committed reader ends. */
static int64_t end_of(struct member *member, const char *topic)
{
    struct log_bounds bounds = {.first = -1, .next = -1};

    snprintf(bounds.at.topic, sizeof bounds.at.topic, "%s", topic);
    assert_int_equal(
        consumer_log_bounds(member->consumer, &bounds, 1, BROKER_WAIT_MS, &member->error), OK);
    assert_int_equal(bounds.first, 0);
    return bounds.next;
}

static void outputs_and_offsets_show_at_commit_and_not_before(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct buffer buffer = {0};
    struct committed_position k;
    int records;

    place_init(&place, "commit", 1);
    member_join(&member, &place, place.input, 0);
    assert_non_null(member.membership);
    struct producer *producer = producer_join(&place);
    assert_int_equal(committed(&member, &place, BROKER_WAIT_MS, &k), OK);
    assert_int_equal(k.position.offset, COMMITTED_OFFSET_NONE);

    CLEAN(producer_begin(producer, &broker_error));
    CLEAN(producer_produce(producer, payload_new(&buffer, 10), BROKER_WAIT_MS, &broker_error));
    CLEAN(producer_flush(producer, BROKER_WAIT_MS, &broker_error));
    assert_int_equal(visible(place.output, 0, &records), 0);
    assert_int_equal(records, 0);
    assert_int_equal(end_of(&member, place.output), 0);
    CLEAN(send_offset(producer, &place, 7, member.membership));
    CLEAN(producer_commit(producer, BROKER_WAIT_MS, &broker_error));
    assert_int_equal(producer_commit_requests(producer), 1);

    /* Ten records and the commit marker. */
    assert_int_equal(visible(place.output, 11, &records), 11);
    assert_int_equal(records, 10);
    assert_int_equal(end_of(&member, place.output), 11);
    assert_int_equal(committed(&member, &place, BROKER_WAIT_MS, &k), OK);
    assert_int_equal(k.position.offset, 7);
    assert_string_equal(k.tag, "kerja tag 1");

    /* The count begins anew with each transaction. */
    for (int i = 0; i < 3; i++) {
        CLEAN(producer_begin(producer, &broker_error));
        assert_int_equal(producer_commit_requests(producer), 0);
        CLEAN(send_offset(producer, &place, 8 + i, member.membership));
        CLEAN(producer_commit(producer, BROKER_WAIT_MS, &broker_error));
        assert_int_equal(producer_commit_requests(producer), 1);
    }
    producer_free(producer);
    member_drop(&member);
    buffer_release(&buffer);
}

static void constant_headers_come_before_those_of_the_frame(void **state)
{
    (void)state;
    struct place place, reader;
    struct member member;
    struct buffer buffer = {0};
    struct record record = {0};

    place_init(&place, "headers", 1);
    struct producer *producer = producer_join(&place);
    CLEAN(producer_begin(producer, &broker_error));
    CLEAN(producer_produce(producer, payload_new(&buffer, 1), BROKER_WAIT_MS, &broker_error));
    CLEAN(producer_flush(producer, BROKER_WAIT_MS, &broker_error));
    CLEAN(producer_commit(producer, BROKER_WAIT_MS, &broker_error));
    producer_free(producer);

    reader = place;
    member_join(&member, &reader, place.output, 0);
    enum consumed consumed;
    while ((consumed = member_next(&member, &record, BROKER_WAIT_MS)) == CONSUMED_END)
        continue; /* the marker is on its way */
    assert_int_equal(consumed, CONSUMED_RECORD);
    assert_true(slice_is(record.key, "key") && slice_is(record.value, "value"));
    assert_int_equal(record.header_count, 3);
    assert_true(slice_is(record.headers[0].name, "ce_source"));
    assert_true(slice_is(record.headers[0].value, "/kerja/test"));
    assert_true(slice_is(record.headers[1].name, "ce_specversion"));
    assert_true(slice_is(record.headers[2].name, "ce_id"));
    assert_true(slice_is(record.headers[2].value, "id"));
    consumer_release(&record);
    member_drop(&member);
    buffer_release(&buffer);
}

static void a_corrupt_payload_is_never_published(void **state)
{
    (void)state;
    struct place place;
    struct buffer buffer = {0};
    struct frame frame = {.topic = 1, .value = SLICE("value")};
    int records;

    place_init(&place, "corrupt", 1);
    struct producer *producer = producer_join(&place);
    CLEAN(producer_begin(producer, &broker_error));
    struct slice payload = payload_new(&buffer, 2);
    payload.size--;
    ENDS_WITH(producer_produce(producer, payload, BROKER_WAIT_MS, &broker_error),
              PUBLISH_FATAL);
    buffer_clear(&buffer);
    assert_true(frame_append(&buffer, &frame));
    ENDS_WITH(producer_produce(producer, buffer_slice(&buffer), BROKER_WAIT_MS, &broker_error),
              PUBLISH_FATAL);
    assert_non_null(strstr(broker_error.text, "topic 1 of 1"));
    producer_abort(producer, BROKER_WAIT_MS, &broker_error);
    producer_free(producer);
    visible(place.output, 0, &records);
    assert_int_equal(records, 0);
    buffer_release(&buffer);
}

static void abort_hides_outputs_and_offsets(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct buffer buffer = {0};
    struct committed_position k;
    int records;

    place_init(&place, "abort", 1);
    member_join(&member, &place, place.input, 0);
    struct producer *producer = producer_join(&place);
    CLEAN(producer_begin(producer, &broker_error));
    CLEAN(producer_produce(producer, payload_new(&buffer, 5), BROKER_WAIT_MS, &broker_error));
    CLEAN(producer_flush(producer, BROKER_WAIT_MS, &broker_error));
    CLEAN(send_offset(producer, &place, 5, member.membership));
    CLEAN(producer_abort(producer, BROKER_WAIT_MS, &broker_error));
    producer_free(producer);
    assert_int_equal(committed(&member, &place, BROKER_WAIT_MS, &k), OK);
    assert_int_equal(k.position.offset, COMMITTED_OFFSET_NONE);
    assert_int_equal(visible(place.output, 6, &records), 6);
    assert_int_equal(records, 0);
    member_drop(&member);
    buffer_release(&buffer);
}

static void after_a_crash_committed_answers_only_when_init_has_aborted(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct buffer buffer = {0};
    struct committed_position k;
    int records;

    place_init(&place, "crash", 1);
    member_join(&member, &place, place.input, 0);
    struct producer *producer = producer_join(&place);
    CLEAN(producer_begin(producer, &broker_error));
    CLEAN(producer_produce(producer, payload_new(&buffer, 5), BROKER_WAIT_MS, &broker_error));
    CLEAN(producer_flush(producer, BROKER_WAIT_MS, &broker_error));
    CLEAN(send_offset(producer, &place, 5, member.membership));
    int64_t began_ms = monotonic_ms();
    producer_free(producer);
    assert_in_range(monotonic_ms() - began_ms, 0, 15000);
    assert_int_equal(committed(&member, &place, 700, &k), RETRY);

    producer = producer_join(&place);
    assert_int_equal(committed(&member, &place, BROKER_WAIT_MS, &k), OK);
    assert_int_equal(k.position.offset, COMMITTED_OFFSET_NONE);
    assert_int_equal(visible(place.output, 6, &records), 6);
    assert_int_equal(records, 0);
    producer_free(producer);
    member_drop(&member);
    buffer_release(&buffer);
}

static void a_fenced_producer_is_told_so(void **state)
{
    (void)state;
    struct place place;
    struct buffer buffer = {0};
    int records;

    place_init(&place, "fenced", 1);
    struct producer *old = producer_join(&place);
    CLEAN(producer_begin(old, &broker_error));
    CLEAN(producer_produce(old, payload_new(&buffer, 1), BROKER_WAIT_MS, &broker_error));
    CLEAN(producer_flush(old, BROKER_WAIT_MS, &broker_error));
    struct producer *young = producer_join(&place);
    CLEAN(producer_produce(old, buffer_slice(&buffer), BROKER_WAIT_MS, &broker_error));
    ENDS_WITH(producer_flush(old, BROKER_WAIT_MS, &broker_error), PUBLISH_FENCED);
    ENDS_WITH(producer_commit(old, BROKER_WAIT_MS, &broker_error), PUBLISH_FENCED);
    producer_free(old);
    visible(place.output, 0, &records);
    assert_int_equal(records, 0);
    producer_free(young);
    buffer_release(&buffer);
}

/* Short, because a commit must stand for a third of it, and a broker that stands for 9 s is taken for gone. */
static const struct limits hasty = {
    .transaction_ms = 4500, .message_ms = 4000, .socket_ms = 1000};

/* Lets the broker go on when the commit has stood for longer than a third of the transaction's time. */
static void *continue_later(void *argument)
{
    struct producer *producer = argument;
    int64_t end_ms = monotonic_ms() + BROKER_WAIT_MS;

    while (producer_commit_requests(producer) == 0 && monotonic_ms() < end_ms)
        usleep(5000); /* between two looks */
    /* What is tested is this duration. */
    usleep((useconds_t)(hasty.transaction_ms / 3 + hasty.socket_ms) * 1000);
    broker_continue();
    return NULL;
}

static void a_broker_that_stands_still_makes_the_commit_doubtful(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct buffer buffer = {0};
    struct committed_position k;
    pthread_t thread;

    place_init(&place, "doubt", 1);
    member_join(&member, &place, place.input, 0);
    struct producer *producer = producer_join_within(&place, hasty);
    CLEAN(producer_begin(producer, &broker_error));
    CLEAN(producer_produce(producer, payload_new(&buffer, 5), BROKER_WAIT_MS, &broker_error));
    CLEAN(producer_flush(producer, BROKER_WAIT_MS, &broker_error));
    CLEAN(send_offset(producer, &place, 5, member.membership));
    broker_stop();
    assert_int_equal(pthread_create(&thread, NULL, continue_later, producer), 0);
    int64_t began_ms = monotonic_ms();
    producer_commit(producer, BROKER_WAIT_MS, &broker_error); /* whatever it says */
    int64_t took_ms = monotonic_ms() - began_ms;
    pthread_join(thread, NULL);
    unsigned requests = producer_commit_requests(producer);
    print_message("doubt: %u requests, %lld ms\n", requests, (long long)took_ms);
    assert_true(requests > 1 || took_ms >= hasty.transaction_ms / 3);
    producer_free(producer);

    /* The next owner learns from K, and K is all or nothing. */
    producer = producer_join(&place);
    assert_int_equal(committed(&member, &place, BROKER_WAIT_MS, &k), OK);
    int records;
    assert_int_equal(visible(place.output, 6, &records), 6);
    assert_int_equal(records, k.position.offset == 5 ? 5 : 0);
    producer_free(producer);
    member_drop(&member);
    buffer_release(&buffer);
}

int publishing_run(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_and_offsets_show_at_commit_and_not_before),
        cmocka_unit_test(constant_headers_come_before_those_of_the_frame),
        cmocka_unit_test(a_corrupt_payload_is_never_published),
        cmocka_unit_test(abort_hides_outputs_and_offsets),
        cmocka_unit_test(after_a_crash_committed_answers_only_when_init_has_aborted),
        cmocka_unit_test(a_fenced_producer_is_told_so),
        cmocka_unit_test(a_broker_that_stands_still_makes_the_commit_doubtful),
    };
    return cmocka_run_group_tests_name("publishing", tests, NULL, NULL);
}
