#include "fake_io.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define OURS "kerja/1 fake 2 1"

static void test_settle(void **state)
{
    static const struct {
        const char *name;
        int64_t seen, committed, decided;
        const char *tag;
        int64_t log_start, log_end;
        enum settlement settlement;
    } cases[] = {
        {"clean", 5, 9, 9, OURS, 0, 20, SETTLE_CLEAN},
        {"clean and all seen", 9, 9, 9, OURS, 0, 20, SETTLE_CLEAN},
        {"clean, reset to the same, nothing owed", 9, 9, 9, "", 0, 20, SETTLE_OFFSETS_ONLY},
        {"reset to G while outputs may be owed", 8, 9, 9, "", 0, 20, SETTLE_CONFLICT},
        {"died between the commits", 5, 7, 9, OURS, 0, 20, SETTLE_PUBLISH},
        {"nothing seen since", 7, 7, 9, OURS, 0, 20, SETTLE_PUBLISH},
        {"owed, by another's tag", 5, 7, 9, "kerja/1 fake 2 9", 0, 20, SETTLE_CONFLICT},
        {"owed, by a later owner", 5, 7, 9, "kerja/1 fake 4 1", 0, 20, SETTLE_CONFLICT},
        {"K before W", 7, 6, 9, OURS, 0, 20, SETTLE_CONFLICT},
        {"K beyond G", 5, 10, 9, OURS, 0, 20, SETTLE_CONFLICT},
        {"no offset, nothing owed", 9, NO_OFFSET, 9, "", 0, 20, SETTLE_CONFLICT},
        {"no offset, all that was read is gone", 9, NO_OFFSET, 9, "", 9, 20,
         SETTLE_OFFSETS_ONLY},
        {"no offset, rows owed", 8, NO_OFFSET, 9, "", 0, 20, SETTLE_CONFLICT},
        {"new partition", 0, NO_OFFSET, 0, "", 0, 0, SETTLE_OFFSETS_ONLY},
        {"log begins at G", 9, 9, 9, OURS, 9, 20, SETTLE_CLEAN},
        {"log begins beyond G", 9, 9, 9, OURS, 10, 20, SETTLE_CONFLICT},
        {"log ends at G", 9, 9, 9, OURS, 0, 9, SETTLE_CLEAN},
        {"log ends before G", 9, 9, 9, OURS, 0, 8, SETTLE_CONFLICT},
        {"W beyond G", 10, 9, 9, OURS, 0, 20, SETTLE_CONFLICT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct source source = {.published_next = cases[i].seen,
                                .committed = cases[i].committed,
                                .next_offset = cases[i].decided,
                                .log_start = cases[i].log_start,
                                .log_end = cases[i].log_end,
                                .owner_epoch = 3};
        snprintf(source.tag, TAG_SIZE, "%s", cases[i].tag);
        const char *reason;
        enum settlement settlement = settle(&source, &fake_settings.identity, &reason);
        if (settlement != cases[i].settlement)
            fail_msg("%s: %d", cases[i].name, (int)settlement);
        if ((settlement == SETTLE_CONFLICT) != (reason[0] != '\0'))
            fail_msg("%s: reason \"%s\"", cases[i].name, reason);
    }
}

struct bench {
    struct fake fake;
    struct io io;
    struct publisher publisher;
    struct source sources[FAKE_PARTITIONS];
    struct error error;
};

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
    return 0;
}

static int bench_free(void **state)
{
    free(*state);
    return 0;
}

static enum recover_result recover(struct bench *bench)
{
    return recover_assignment(&bench->publisher, bench->sources, FAKE_PARTITIONS,
                              bench->fake.now_ms + 60000, &bench->error);
}

static void test_membership_is_saved_before_all_else(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(recover(bench), RECOVERED);
    assert_string_equal(bench->fake.calls, "MLCLOK");
    assert_int_equal(bench->sources[1].published, 10);
}

static void test_without_a_member_id_nothing_is_claimed(void **state)
{
    struct bench *bench = *state;
    bench->fake.no_member = true;
    assert_int_equal(recover(bench), RECOVER_LOST);
    assert_string_equal(bench->fake.calls, "M");
}

static void test_rows_between_the_commits_are_published(void **state)
{
    struct bench *bench = *state;
    fake_position(&bench->fake, 1, 10, 12, 20);
    fake_row(&bench->fake, 1, 10, 12, 1);
    fake_row(&bench->fake, 1, 12, 15, 3);
    fake_row(&bench->fake, 1, 15, 20, 0);
    assert_int_equal(recover(bench), RECOVERED);
    assert_int_equal(bench->fake.visible, 3);
    assert_int_equal(bench->fake.positions[1].committed, 20);
    assert_int_equal(bench->sources[1].published, 20);
}

static void test_more_rows_than_one_transaction_takes(void **state)
{
    struct bench *bench = *state;
    int rows = RECOVER_ROWS + 1;
    fake_position(&bench->fake, 0, 10, 10, 10 + rows);
    for (int i = 0; i < rows; i++)
        fake_row(&bench->fake, 0, 10 + i, 11 + i, 1);
    assert_int_equal(recover(bench), RECOVERED);
    assert_int_equal(bench->fake.visible, rows);
    assert_int_equal(bench->fake.positions[0].committed, 10 + rows);
}

static void test_missing_rows_are_a_conflict(void **state)
{
    static const struct {
        const char *name;
        int64_t from, next;
    } cases[] = {{"none at all", 100, 101},
                 {"K inside a row", 10, 15},
                 {"a hole after K", 13, 15},
                 {"the last one", 12, 14},
                 {"one that leads beyond G", 12, 16}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        void *fresh = NULL;
        bench_new(&fresh);
        struct bench *bench = fresh;
        fake_position(&bench->fake, 0, 10, 12, 15);
        fake_row(&bench->fake, 0, cases[i].from, cases[i].next, 1);
        if (recover(bench) != RECOVERED || !bench->sources[0].conflict ||
            bench->sources[1].conflict)
            fail_msg("%s: \"%s\"", cases[i].name, bench->fake.calls);
        assert_string_equal(bench->fake.conflict, "outbox rows that are owed are missing");
        bench_free(&fresh);
    }
}

static void test_a_partition_never_read_gets_its_first_offset(void **state)
{
    struct bench *bench = *state;
    fake_position(&bench->fake, 0, 10, NO_OFFSET, 10);
    bench->fake.positions[0].log_start = 10;
    assert_int_equal(recover(bench), RECOVERED);
    assert_int_equal(bench->fake.positions[0].committed, 10);
    assert_string_equal(bench->fake.positions[0].tag, "kerja/1 fake 3 1");
}

static void test_a_stopped_partition_is_left_alone(void **state)
{
    struct bench *bench = *state;
    fake_position(&bench->fake, 0, 10, 3, 12);
    bench->fake.positions[0].stopped = true;
    assert_int_equal(recover(bench), RECOVERED);
    assert_string_equal(bench->fake.calls, "MLCLOK");
    assert_true(bench->sources[0].stopped);
}

static void test_all_missing_offsets_are_committed_in_one_transaction(void **state)
{
    struct bench *bench = *state;
    int transactions = 0;
    for (int partition = 0; partition < FAKE_PARTITIONS; partition++) {
        fake_position(&bench->fake, partition, 10, NO_OFFSET, 10);
        bench->fake.positions[partition].log_start = 10;
    }
    assert_int_equal(recover(bench), RECOVERED);
    for (const char *call = bench->fake.calls; *call != '\0'; call++)
        transactions += *call == 'b';
    assert_int_equal(transactions, 1);
    for (int partition = 0; partition < FAKE_PARTITIONS; partition++)
        assert_int_equal(bench->fake.positions[partition].committed, 10);
}

static void test_failures_assign_nothing(void **state)
{
    static const struct {
        char failing;
        enum io_result failure;
        int failures;
        enum recover_result result;
    } cases[] = {{'L', IO_AGAIN, 1, RECOVER_LATER}, {'C', IO_AGAIN, 1, RECOVER_LATER},
                 {'C', IO_LOST, 1, RECOVER_LOST},   {'O', IO_AGAIN, 1, RECOVER_LATER},
                 {'K', IO_AGAIN, 1, RECOVERED},     {'K', IO_AGAIN, 1000000, RECOVER_LATER},
                 {'R', IO_AGAIN, 1, RECOVER_LATER}, {'o', IO_LOST, 1, RECOVER_LOST},
                 {'o', IO_AGAIN, 1, RECOVERED},     {'o', IO_AGAIN, 1000000, RECOVER_LATER},
                 {'X', IO_LOST, 1, RECOVER_LOST},   {'X', IO_AGAIN, 1, RECOVER_LATER}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        void *fresh = NULL;
        bench_new(&fresh);
        struct bench *bench = fresh;
        fake_position(&bench->fake, 0, 10, 12, 15);
        fake_row(&bench->fake, 0, 12, 15, 1);
        fake_position(&bench->fake, 1, 10, cases[i].failing == 'X' ? 9 : 10, 10);
        bench->fake.failing = cases[i].failing;
        bench->fake.failure = cases[i].failure;
        bench->fake.failures = cases[i].failures;
        if (recover(bench) != cases[i].result)
            fail_msg("case %zu: \"%.60s\"", i, bench->fake.calls);
        assert_int_equal(bench->publisher.membership != NULL, cases[i].result == RECOVERED);
        assert_true(bench->fake.now_ms <= 70000);
        bench_free(&fresh);
    }
}

#define BENCH(test) cmocka_unit_test_setup_teardown(test, bench_new, bench_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settle),
        BENCH(test_membership_is_saved_before_all_else),
        BENCH(test_without_a_member_id_nothing_is_claimed),
        BENCH(test_rows_between_the_commits_are_published),
        BENCH(test_more_rows_than_one_transaction_takes),
        cmocka_unit_test(test_missing_rows_are_a_conflict),
        BENCH(test_a_partition_never_read_gets_its_first_offset),
        BENCH(test_all_missing_offsets_are_committed_in_one_transaction),
        BENCH(test_a_stopped_partition_is_left_alone),
        cmocka_unit_test(test_failures_assign_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
