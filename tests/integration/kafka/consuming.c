/* What consume/ promises, shown on a real broker. */
#include "broker.h"

#include "base/clock.h"

#include <string.h>

static void a_record_comes_as_it_was_sent_and_then_the_end(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct record record = {0};
    char cluster_id[64];
    struct log_bounds bounds = {.first = -1, .next = -1};

    place_init(&place, "sent", 1);
    int64_t before_ms = realtime_us() / 1000;
    feed(place.input, 0, 3);
    member_join(&member, &place, place.input, 1);
    assert_int_equal(member_next(&member, &record, BROKER_WAIT_MS), CONSUMED_RECORD);
    assert_string_equal(record.topic, place.input);
    assert_int_equal(record.offset, 1);
    assert_int_equal(record.source, 0);
    assert_true(slice_is(record.key, "1") && slice_is(record.value, "1") && record.has_value);
    assert_int_equal(record.header_count, 1);
    assert_true(slice_is(record.headers[0].name, "ce_id"));
    assert_true(slice_is(record.headers[0].value, "1"));
    assert_in_range(record.timestamp_ms, before_ms - 1000, before_ms + 60000);
    consumer_release(&record);
    consumer_release(&record);
    assert_int_equal(member_next(&member, &record, BROKER_WAIT_MS), CONSUMED_RECORD);
    consumer_release(&record);
    assert_int_equal(member_next(&member, &record, BROKER_WAIT_MS), CONSUMED_END);
    assert_int_equal(record.offset, 3);
    assert_int_equal(consumer_lag(member.consumer, 0), 0);

    assert_int_equal(consumer_cluster_id(member.consumer, BROKER_WAIT_MS, cluster_id,
                                         sizeof cluster_id, &member.error),
                     OK);
    assert_in_range(strlen(cluster_id), 1, 63);
    assert_int_equal(consumer_cluster_id(member.consumer, 1000, cluster_id, 2, &member.error),
                     REJECT);
    bounds.at = member.positions[0].at;
    assert_int_equal(
        consumer_log_bounds(member.consumer, &bounds, 1, BROKER_WAIT_MS, &member.error), OK);
    assert_int_equal(bounds.first, 0);
    assert_int_equal(bounds.next, 3);
    struct position at = member.positions[0];
    assert_int_equal(consumer_offsets_for_time(member.consumer, &at, 1, before_ms - 60000,
                                               BROKER_WAIT_MS, &member.error),
                     OK);
    assert_int_equal(at.offset, 0);
    assert_int_equal(consumer_offsets_for_time(member.consumer, &at, 1, before_ms + 3600000,
                                               BROKER_WAIT_MS, &member.error),
                     OK);
    assert_int_equal(at.offset, 3);
    member_drop(&member);
}

static void a_second_process_with_our_instance_fences_us(void **state)
{
    (void)state;
    struct place place;
    struct member old, young;
    struct record record = {0};
    enum consumed consumed = CONSUMED_NOTHING;

    place_init(&place, "twin", 1);
    member_join(&old, &place, place.input, 0);
    member_begin(&young, &place, place.input, 0);
    for (int64_t end_ms = monotonic_ms() + BROKER_WAIT_MS;
         consumed != CONSUMED_LOST && monotonic_ms() < end_ms;) {
        member_next(&young, &record, 50);
        consumed = member_next(&old, &record, 50);
    }
    assert_int_equal(consumed, CONSUMED_LOST);
    assert_int_equal(old.revoked, 0);
    assert_non_null(strstr(old.error.text, "lost the membership"));
    assert_int_equal(consumer_poll(old.consumer, 0, &record, &old.error), CONSUMED_LOST);

    struct producer *producer = producer_join(&place);
    CLEAN(producer_begin(producer, &broker_error));
    ENDS_WITH(send_offset(producer, &place, 5, old.membership), PUBLISH_FENCED);
    producer_free(producer);
    member_drop(&old);
    member_drop(&young);
}

static void a_static_member_is_back_at_once_and_its_old_membership_is_fenced(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct committed_position k;

    place_init(&place, "rejoin", 1);
    member_join(&member, &place, place.input, 0);
    struct group_metadata *old = member.membership;
    member.membership = NULL;
    member_drop(&member);

    int64_t began_ms = monotonic_ms();
    member_join(&member, &place, place.input, 0);
    assert_in_range(monotonic_ms() - began_ms, 0, BROKER_SESSION_MS / 2);
    struct producer *producer = producer_join(&place);
    CLEAN(producer_begin(producer, &broker_error));
    ENDS_WITH(send_offset(producer, &place, 5, old), PUBLISH_FENCED);
    producer_free(producer);
    producer = producer_join(&place);
    CLEAN(producer_begin(producer, &broker_error));
    CLEAN(send_offset(producer, &place, 6, member.membership));
    CLEAN(producer_commit(producer, BROKER_WAIT_MS, &broker_error));
    assert_int_equal(committed(&member, &place, BROKER_WAIT_MS, &k), OK);
    assert_int_equal(k.position.offset, 6);
    producer_free(producer);
    group_metadata_free(old);
    member_drop(&member);
}

/* Reads `count` records, which must be `first`, `first` + 1, ... */
static void read_in_order(struct member *member, int64_t first, int count)
{
    struct record record = {0};

    for (int i = 0; i < count;) {
        enum consumed consumed = member_next(member, &record, BROKER_WAIT_MS);
        if (consumed == CONSUMED_END)
            continue;
        assert_int_equal(consumed, CONSUMED_RECORD);
        assert_int_equal(record.offset, first + i);
        consumer_release(&record);
        i++;
    }
}

static void a_poll_that_assigns_hands_out_nothing(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct record record = {0};
    int64_t end_ms = monotonic_ms() + BROKER_WAIT_MS;

    place_init(&place, "nothing", 1);
    feed(place.input, 0, 10);
    member_begin(&member, &place, place.input, 0);
    /* One poll is longer than joining and fetching take together. */
    while (member.assigned == 0 && monotonic_ms() < end_ms) {
        enum consumed consumed = consumer_poll(member.consumer, 5000, &record, &member.error);
        assert_true(consumed == CONSUMED_NOTHING || consumed == CONSUMED_ERROR);
    }
    read_in_order(&member, 0, 10);
    member_drop(&member);
}

static void pausing_neither_rewinds_nor_skips(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct record record = {0};

    place_init(&place, "pause", 1);
    feed(place.input, 0, 500);
    member_join(&member, &place, place.input, 0);
    read_in_order(&member, 0, 200);
    assert_int_equal(consumer_pause(member.consumer, &member.error), OK);
    assert_int_equal(member_next(&member, &record, BROKER_QUIET_MS), CONSUMED_NOTHING);
    assert_int_equal(consumer_resume(member.consumer, &member.error), OK);
    /* Resuming what is not paused does nothing. */
    assert_int_equal(consumer_resume(member.consumer, &member.error), OK);
    read_in_order(&member, 200, 300);

    /* The end while paused, and records behind it. */
    assert_int_equal(consumer_pause(member.consumer, &member.error), OK);
    feed(place.input, 500, 50);
    assert_int_equal(member_next(&member, &record, BROKER_QUIET_MS), CONSUMED_NOTHING);
    assert_int_equal(consumer_resume(member.consumer, &member.error), OK);
    read_in_order(&member, 500, 50);
    member_drop(&member);
}

static void pausing_before_the_first_fetch_keeps_the_partition_alive(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct record record = {0};

    place_init(&place, "early", 1);
    feed(place.input, 0, 50);
    member_join(&member, &place, place.input, 0);
    assert_int_equal(consumer_pause(member.consumer, &member.error), OK);
    assert_int_equal(member_next(&member, &record, BROKER_QUIET_MS), CONSUMED_NOTHING);
    assert_true(consumer_paused(member.consumer));
    assert_int_equal(consumer_resume(member.consumer, &member.error), OK);
    read_in_order(&member, 0, 50);
    member_drop(&member);
}

static void assigning_again_goes_back_and_makes_old_records_stale(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct record record = {0};

    place_init(&place, "again", 1);
    feed(place.input, 0, 300);
    member_join(&member, &place, place.input, 0);
    read_in_order(&member, 0, 200);
    assert_int_equal(member_next(&member, &record, BROKER_WAIT_MS), CONSUMED_RECORD);
    assert_int_equal(consumer_pause(member.consumer, &member.error), OK);
    member.positions[0].offset = 100;
    assert_int_equal(consumer_assign(member.consumer, member.positions, 1, &member.error), OK);
    assert_int_equal(consumer_resume(member.consumer, &member.error), OK);
    consumer_release(&record);
    read_in_order(&member, 100, 200);
    member_drop(&member);
}

static void every_partition_keeps_its_own_expectation(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct record record = {0};
    int64_t next[4] = {0};
    int records = 0, ends = 0;

    place_init(&place, "many", 4);
    feed(place.input, 0, 1000);
    member_join(&member, &place, place.input, 0);
    while (records < 1000 || ends < 4) {
        enum consumed consumed = member_next(&member, &record, BROKER_WAIT_MS);
        if (consumed == CONSUMED_END) {
            ends++;
            assert_int_equal(record.offset, next[record.source]);
            continue;
        }
        assert_int_equal(consumed, CONSUMED_RECORD);
        assert_int_equal(record.partition, member.positions[record.source].at.partition);
        assert_int_equal(record.offset, next[record.source]++);
        consumer_release(&record);
        /* Held back and let go in the midst of it, again and again. */
        if (++records % 100 == 0) {
            assert_int_equal(consumer_pause(member.consumer, &member.error), OK);
            assert_int_equal(consumer_poll(member.consumer, 20, &record, &member.error),
                             CONSUMED_NOTHING);
            assert_int_equal(consumer_resume(member.consumer, &member.error), OK);
        }
    }
    assert_int_equal(records, 1000);
    member_drop(&member);
}

static void a_position_below_the_log_loses_the_assignment(void **state)
{
    (void)state;
    struct place place;
    struct member member;
    struct record record = {0};

    place_init(&place, "below", 1);
    feed(place.input, 0, 1);
    member_begin(&member, &place, place.input, 1000);
    assert_int_equal(member_next(&member, &record, BROKER_WAIT_MS), CONSUMED_LOST);
    member_drop(&member);
}

static void closing_revokes_and_keeps_the_place(void **state)
{
    (void)state;
    struct place place;
    struct member member;

    place_init(&place, "close", 1);
    member_join(&member, &place, place.input, 0);
    consumer_close(member.consumer);
    consumer_free(member.consumer);
    assert_int_equal(member.revoked, 1);
    member.consumer = NULL;
    member_drop(&member);
    int64_t began_ms = monotonic_ms();
    member_join(&member, &place, place.input, 0);
    assert_in_range(monotonic_ms() - began_ms, 0, BROKER_SESSION_MS / 2);
    member_drop(&member);
}

int consuming_run(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_comes_as_it_was_sent_and_then_the_end),
        cmocka_unit_test(a_second_process_with_our_instance_fences_us),
        cmocka_unit_test(a_static_member_is_back_at_once_and_its_old_membership_is_fenced),
        cmocka_unit_test(a_poll_that_assigns_hands_out_nothing),
        cmocka_unit_test(pausing_neither_rewinds_nor_skips),
        cmocka_unit_test(pausing_before_the_first_fetch_keeps_the_partition_alive),
        cmocka_unit_test(assigning_again_goes_back_and_makes_old_records_stale),
        cmocka_unit_test(every_partition_keeps_its_own_expectation),
        cmocka_unit_test(a_position_below_the_log_loses_the_assignment),
        cmocka_unit_test(closing_revokes_and_keeps_the_place),
    };
    return cmocka_run_group_tests_name("consuming", tests, NULL, NULL);
}
