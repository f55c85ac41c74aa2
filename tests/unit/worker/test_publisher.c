#include "fake_io.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct bench {
    struct fake fake;
    struct io io;
    struct publisher publisher;
    struct source sources[FAKE_PARTITIONS];
    struct error error;
};

/* Both partitions stand at 10, cleanly, and the calls so far are forgotten. */
static int bench_new(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    *state = bench;
    bench->io = fake_io(&bench->fake);
    publisher_init(&bench->publisher, &bench->io, &fake_settings);
    for (int p = 0; p < FAKE_PARTITIONS; p++) {
        fake_position(&bench->fake, p, 10, 10, 10);
        bench->sources[p].at.partition = p;
    }
    int64_t deadline_ms = 10000;
    if (recover_assignment(&bench->publisher, bench->sources, FAKE_PARTITIONS, deadline_ms,
                           &bench->error) != RECOVERED)
        return -1;
    memset(bench->fake.calls, 0, sizeof bench->fake.calls);
    bench->fake.call_count = 0;
    return 0;
}

static int bench_free(void **state)
{
    free(*state);
    return 0;
}

static const struct outbox_row two_rows[] = {
    {.source = 0, .from_offset = 10, .next_offset = 14, .record_count = 5},
    {.source = 0, .from_offset = 14, .next_offset = 15, .record_count = 2},
};

static enum publish_result publish(struct bench *bench, struct outbox_row *rows, size_t *count)
{
    return publisher_publish(&bench->publisher, rows, count, bench->fake.now_ms + 5000,
                             &bench->error);
}

static void test_offsets_go_last_and_are_the_newest(void **state)
{
    struct bench *bench = *state;
    struct outbox_row rows[2];
    size_t count = 2;
    memcpy(rows, two_rows, sizeof rows);
    assert_int_equal(publish(bench, rows, &count), PUBLISHED);
    assert_string_equal(bench->fake.calls, "bppfoc");
    assert_int_equal(count, 0);
    assert_int_equal(bench->fake.sent_count, 1);
    assert_int_equal(bench->fake.sent[0].offset, 15);
    assert_string_equal(bench->fake.sent[0].tag, "kerja/1 fake 3 1");
    assert_int_equal(bench->fake.visible, 7);
}

/* Rows of two sources, of so many bytes each; published when the turn is over or before. */
static void test_a_transaction_carries_so_many_bytes(void **state)
{
    (void)state;
    enum { HALF = TRANSACTION_BYTES / 2 };
    static const struct {
        const char *name;
        size_t sizes[4];
        const char *calls;
    } cases[] = {
        {"as many as fit", {HALF, HALF, 0, 0}, "bppppfoc"},
        {"one byte more", {HALF, HALF, 1, 0}, "bppfocbppfoc"},
        {"one that is larger goes alone", {1, 2 * TRANSACTION_BYTES, 1, 1}, "bpfocbpfocbppfoc"},
        {"all are larger",
         {TRANSACTION_BYTES, TRANSACTION_BYTES, TRANSACTION_BYTES, TRANSACTION_BYTES},
         "bpfocbpfocbpfocbpfoc"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench *bench;
        struct outbox_row rows[4];
        size_t count = 4;
        assert_int_equal(bench_new((void **)&bench), 0);
        for (size_t r = 0; r < count; r++)
            rows[r] = (struct outbox_row){.source = r % 2,
                                          .from_offset = 10 + (int64_t)r / 2,
                                          .next_offset = 11 + (int64_t)r / 2,
                                          .record_count = 1,
                                          .payload = {NULL, cases[i].sizes[r]}};
        assert_int_equal(publish(bench, rows, &count), PUBLISHED);
        if (strcmp(bench->fake.calls, cases[i].calls) != 0)
            fail_msg("%s: %s", cases[i].name, bench->fake.calls);
        assert_int_equal(count, 0);
        assert_int_equal(bench->fake.visible, 4);
        assert_int_equal(bench->fake.positions[0].committed, 12);
        assert_int_equal(bench->fake.positions[1].committed, 12);
        bench_free((void **)&bench);
    }
}

static void test_what_is_left_after_a_turn_is_published_in_the_next(void **state)
{
    struct bench *bench = *state;
    struct outbox_row rows[2];
    size_t count = 2;
    memcpy(rows, two_rows, sizeof rows);
    rows[0].payload.size = rows[1].payload.size = TRANSACTION_BYTES;
    bench->fake.commit_takes_ms = fake_settings.transaction_timeout_ms / 3 - 1;
    assert_int_equal(publisher_publish(&bench->publisher, rows, &count, bench->fake.now_ms + 1,
                                       &bench->error),
                     PUBLISH_AGAIN);
    assert_string_equal(bench->fake.calls, "bpfoc");
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].from_offset, 14);
    assert_false(bench->publisher.in_doubt);
    assert_int_equal(publish(bench, rows, &count), PUBLISHED);
    assert_string_equal(bench->fake.calls, "bpfocbpfoc");
    assert_int_equal(bench->fake.visible, 7);
}

/* The second transaction fails: what the first one carried is not published again. */
static void test_doubt_between_two_transactions(void **state)
{
    struct bench *bench = *state;
    struct outbox_row rows[2];
    size_t count = 2;
    memcpy(rows, two_rows, sizeof rows);
    rows[0].payload.size = rows[1].payload.size = TRANSACTION_BYTES;
    bench->fake.commit_takes_ms = fake_settings.transaction_timeout_ms / 3;
    assert_int_equal(publish(bench, rows, &count), PUBLISH_AGAIN);
    assert_int_equal(count, 2); /* nobody knows about the first */
    bench->fake.commit_takes_ms = 0;
    assert_int_equal(publish(bench, rows, &count), PUBLISHED);
    assert_string_equal(bench->fake.calls, "bpfocDOKbpfoc");
    assert_int_equal(bench->fake.visible, 7);
}

/* Every way in which a transaction is not clean ends its producer, and K decides. */
static void test_doubt(void **state)
{
    static const struct {
        const char *name;
        char failing;
        enum io_result failure;
        bool stands;
        int requests;
        int64_t takes_ms;
        enum publish_result first, second;
        const char *calls;
    } cases[] = {
        {"begin fails", 'b', IO_AGAIN, false, 1, 0, PUBLISH_AGAIN, PUBLISHED, "baDOKbppfoc"},
        {"produce fails", 'p', IO_AGAIN, false, 1, 0, PUBLISH_AGAIN, PUBLISHED, "bpaDOKbppfoc"},
        {"a delivery report is bad", 'f', IO_AGAIN, false, 1, 0, PUBLISH_AGAIN, PUBLISHED,
         "bppfaDOKbppfoc"},
        {"offsets time out", 'o', IO_AGAIN, false, 1, 0, PUBLISH_AGAIN, PUBLISHED,
         "bppfoaDOKbppfoc"},
        {"commit fails and did not happen", 'c', IO_AGAIN, false, 1, 0, PUBLISH_AGAIN,
         PUBLISHED, "bppfocDOKbppfoc"},
        {"commit fails and did happen", 'c', IO_AGAIN, true, 1, 0, PUBLISH_AGAIN, PUBLISHED,
         "bppfocDOK"},
        {"two EndTxn were sent", 0, IO_OK, true, 2, 0, PUBLISH_AGAIN, PUBLISHED, "bppfocDOK"},
        {"no EndTxn was counted", 0, IO_OK, true, 0, 0, PUBLISH_AGAIN, PUBLISHED, "bppfocDOK"},
        {"commit took a third of the time-out", 0, IO_OK, true, 1, 3000, PUBLISH_AGAIN,
         PUBLISHED, "bppfocDOK"},
        {"commit took just less", 0, IO_OK, true, 1, 2999, PUBLISHED, PUBLISHED, "bppfoc"},
        {"the member is fenced", 'o', IO_LOST, false, 1, 0, PUBLISH_LOST, PUBLISHED, "bppfoaD"},
        {"the producer is fenced", 'c', IO_LOST, false, 1, 0, PUBLISH_LOST, PUBLISHED,
         "bppfocD"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        void *fresh = NULL;
        assert_int_equal(bench_new(&fresh), 0);
        struct bench *bench = fresh;
        struct outbox_row rows[2];
        size_t count = 2;
        memcpy(rows, two_rows, sizeof rows);
        bench->fake.failing = cases[i].failing;
        bench->fake.failure = cases[i].failure;
        bench->fake.failures = cases[i].failing != 0;
        bench->fake.commit_stands = cases[i].stands;
        bench->fake.end_txn_requests = cases[i].requests;
        bench->fake.commit_takes_ms = cases[i].takes_ms;
        if (publish(bench, rows, &count) != cases[i].first)
            fail_msg("%s: first call", cases[i].name);
        if (cases[i].first == PUBLISH_AGAIN && publish(bench, rows, &count) != cases[i].second)
            fail_msg("%s: second call", cases[i].name);
        if (strcmp(bench->fake.calls, cases[i].calls) != 0)
            fail_msg("%s: \"%s\"", cases[i].name, bench->fake.calls);
        if (cases[i].first != PUBLISH_LOST && bench->fake.visible != 7)
            fail_msg("%s: %d records", cases[i].name, (int)bench->fake.visible);
        bench_free(&fresh);
    }
}

/* In doubt, K may have been moved by somebody else. */
static void test_disputes(void **state)
{
    static const struct {
        const char *name;
        int64_t committed;
        const char *tag;
        enum publish_result result;
    } cases[] = {
        {"where it was", 10, "kerja/1 fake 2 1", PUBLISHED},
        {"where it was, by a tool", 10, "", PUBLISH_DISPUTED},
        {"behind the first row", 14, "kerja/1 fake 3 1", PUBLISHED},
        {"behind the first row, by a later owner", 14, "kerja/1 fake 4 1", PUBLISH_DISPUTED},
        {"inside a row", 12, "kerja/1 fake 3 1", PUBLISH_DISPUTED},
        {"before us", 9, "kerja/1 fake 3 1", PUBLISH_DISPUTED},
        {"beyond us", 16, "kerja/1 fake 3 1", PUBLISH_DISPUTED},
        {"gone", NO_OFFSET, "", PUBLISH_DISPUTED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        void *fresh = NULL;
        assert_int_equal(bench_new(&fresh), 0);
        struct bench *bench = fresh;
        struct outbox_row rows[2];
        size_t count = 2;
        memcpy(rows, two_rows, sizeof rows);
        bench->fake.failing = 'f';
        bench->fake.failure = IO_AGAIN;
        bench->fake.failures = 1;
        assert_int_equal(publish(bench, rows, &count), PUBLISH_AGAIN);
        bench->fake.positions[0].committed = cases[i].committed;
        snprintf(bench->fake.positions[0].tag, TAG_SIZE, "%s", cases[i].tag);
        if (publish(bench, rows, &count) != cases[i].result)
            fail_msg("%s: %s", cases[i].name, bench->error.text);
        bench_free(&fresh);
    }
}

static void test_a_hole_is_disputed(void **state)
{
    struct bench *bench = *state;
    struct outbox_row row = {.source = 0, .from_offset = 11, .next_offset = 12};
    size_t count = 1;
    assert_int_equal(publish(bench, &row, &count), PUBLISH_DISPUTED);
    assert_string_equal(bench->fake.calls, "");
}

static void test_read_back(void **state)
{
    struct bench *bench = *state;
    struct outbox_row rows[2];
    size_t count = 2;
    memcpy(rows, two_rows, sizeof rows);
    assert_false(publisher_read_back_due(&bench->publisher));
    assert_int_equal(publish(bench, rows, &count), PUBLISHED);
    assert_true(publisher_read_back_due(&bench->publisher));
    assert_int_equal(bench->sources[0].seen, 10);
    assert_int_equal(publisher_read_back(&bench->publisher, 5000, &bench->error), PUBLISHED);
    assert_int_equal(bench->sources[0].seen, 15);
    assert_false(publisher_read_back_due(&bench->publisher));
}

static void test_read_back_waits_a_second(void **state)
{
    struct bench *bench = *state;
    bench->sources[0].seen = 9;
    assert_int_equal(publisher_read_back(&bench->publisher, 5000, &bench->error), PUBLISHED);
    bench->sources[0].seen = 9;
    bench->fake.now_ms += PUBLISHER_READ_BACK_MS - 1;
    assert_false(publisher_read_back_due(&bench->publisher));
    bench->fake.now_ms++;
    assert_true(publisher_read_back_due(&bench->publisher));
}

static void test_read_back_disputes_a_reset(void **state)
{
    struct bench *bench = *state;
    bench->fake.positions[1].committed = 4;
    assert_int_equal(publisher_read_back(&bench->publisher, 5000, &bench->error),
                     PUBLISH_DISPUTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_offsets_go_last_and_are_the_newest, bench_new,
                                        bench_free),
        cmocka_unit_test(test_a_transaction_carries_so_many_bytes),
        cmocka_unit_test_setup_teardown(test_what_is_left_after_a_turn_is_published_in_the_next,
                                        bench_new, bench_free),
        cmocka_unit_test_setup_teardown(test_doubt_between_two_transactions, bench_new,
                                        bench_free),
        cmocka_unit_test(test_doubt),
        cmocka_unit_test(test_disputes),
        cmocka_unit_test_setup_teardown(test_a_hole_is_disputed, bench_new, bench_free),
        cmocka_unit_test_setup_teardown(test_read_back, bench_new, bench_free),
        cmocka_unit_test_setup_teardown(test_read_back_waits_a_second, bench_new, bench_free),
        cmocka_unit_test_setup_teardown(test_read_back_disputes_a_reset, bench_new, bench_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
