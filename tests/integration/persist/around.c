/* What stands around the batch: waiting events, timers, slots, migrations, roles, and start-up. */
#include "fixture.h"

#include "persist/lease.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static void waiting_events_come_with_their_key(void **state)
{
    (void)state;
    struct uuid key = id_of(next_id++);
    struct waiting_record put[] = {
        {key, SLICE("people"), 0, 6, SLICE("b"), 2000000, 9000000, SLICE("second"), false},
        {key, SLICE("people"), 0, 5, SLICE("a"), 2000000, 9000000, SLICE("first"), false},
    };
    struct batch batch = {.cluster_id = CLUSTER, .waiting_put = put, .waiting_put_count = 2};
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
    struct waiting_load load = {.keys = &key, .key_count = 1};
    assert_ok(persist_load(&one, NULL, 0, &load, false, NULL, &arena, &error));
    assert_int_equal(load.record_count, 2);
    assert_true(slice_is(load.records[0].payload, "first"));
    assert_true(load.records[0].occurred_at == 2000000 && load.records[0].record_offset == 5);
    struct batch done = {
        .cluster_id = CLUSTER, .waiting_done = load.records, .waiting_done_count = 1};
    assert_outcome(persist_commit(&one, &done, &error), COMMITTED);
    assert_ok(persist_load(&one, NULL, 0, &load, false, NULL, &arena, &error));
    assert_int_equal(load.record_count, 1);
    /* Another batch decided the first event already: this one decided it twice, and the second not at all. */
    struct batch twice = {.cluster_id = CLUSTER, .waiting_done = put, .waiting_done_count = 2};
    assert_outcome(persist_commit(&one, &twice, &error), COMMIT_STALE);
    assert_ok(persist_load(&one, NULL, 0, &load, false, NULL, &arena, &error));
    assert_int_equal(load.record_count, 1);
}

enum { WAIT_FOR_ONE = 450, LOADED = 200 };

static void of_many_that_wait_for_one_row_the_first_are_loaded(void **state)
{
    (void)state;
    struct uuid keys[] = {id_of(next_id), id_of(next_id + 1), id_of(next_id)};
    struct waiting_record put[WAIT_FOR_ONE + 1];
    next_id += 2;
    for (int i = 0; i < WAIT_FOR_ONE; i++)
        put[i] = (struct waiting_record){.key = keys[0],
                                         .topic = SLICE("people"),
                                         .record_offset = 1000 - i,
                                         .event_id = SLICE("e"),
                                         .occurred_at = 5000000 - i,
                                         .expires_at = 9000000 - i,
                                         .payload = SLICE("payload")};
    put[WAIT_FOR_ONE] = put[0];
    put[WAIT_FOR_ONE].key = keys[1];
    struct batch batch = {
        .cluster_id = CLUSTER, .waiting_put = put, .waiting_put_count = WAIT_FOR_ONE + 1};
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
    struct waiting_load load = {.keys = keys, .key_count = 3}; /* one of them twice */
    for (int left = WAIT_FOR_ONE; left > 0; left -= LOADED) {
        int first = left < LOADED ? left : LOADED;
        assert_ok(persist_load(&one, NULL, 0, &load, false, NULL, &arena, &error));
        assert_int_equal(load.record_count, first + 1);
        for (int i = 0; i < first; i++) {
            assert_int_equal(load.records[i].record_offset, 1000 - left + 1 + i);
            assert_int_equal(load.records[i].more, i == LOADED - 1);
        }
        assert_false(load.records[first].more);
        struct batch done = {
            .cluster_id = CLUSTER, .waiting_done = load.records, .waiting_done_count = first};
        assert_outcome(persist_commit(&one, &done, &error), COMMITTED);
    }
}

static void timers_fire_once_when_due(void **state)
{
    (void)state;
    struct timer set[] = {{2000, id_of(2), SLICE("late"), SLICE("X"), 1},
                          {1000, id_of(1), SLICE("early"), SLICE("X"), 0}};
    struct batch batch = {.cluster_id = CLUSTER, .timers = set, .timer_count = 2};
    struct timer *due;
    size_t count;
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
    assert_ok(timer_due(&one, 1999, 9, &due, &count, &arena, &error));
    assert_int_equal(count, 1);
    assert_ok(timer_due(&one, 2000, 9, &due, &count, &arena, &error));
    assert_int_equal(count, 2);
    assert_true(slice_is(due[0].subject_id, "early") && due[1].attempt == 1);
    assert_ok(timer_fired(&one, due, 1, &error));
    assert_ok(timer_due(&one, 2000, 9, &due, &count, &arena, &error));
    assert_int_equal(count, 1);
}

/* Outside a transaction it is committed behind its answer. */
static void what_is_not_committed_is_not_told_as_done(void **state)
{
    (void)state;
    struct timer *due;
    size_t count;
    assert_ok(timer_due(&one, 2000, 9, &due, &count, &arena, &error));
    assert_ok(database_execute(
        &other,
        "RESET ROLE; CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE "
        "EXCEPTION ''too late''; END'; CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON timer "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late()",
        &error));
    assert_outcome(timer_fired(&one, due, count, &error), RETRY);
    assert_non_null(strstr(error.text, "could not learn whether"));
    assert_ok(
        database_execute(&other, "DROP TRIGGER late ON timer; DROP FUNCTION late", &error));
    assert_ok(database_connect(&one, &error));
    assert_ok(timer_fired(&one, due, count, &error));
}

/* How often connect(2) finds no way to the server; libpq calls this one. */
static int unreachable;

__attribute__((visibility("default"))) int connect(int descriptor, __CONST_SOCKADDR_ARG address,
                                                   socklen_t size)
{
    if (unreachable == 0)
        return (int)syscall(SYS_connect, descriptor, address.__sockaddr__, size);
    unreachable--;
    errno = EHOSTUNREACH;
    return -1;
}

/* An address that moves with the primary comes back between our asking and the question whether anybody is there. */
static void a_server_that_was_out_of_reach_is_asked_again(void **state)
{
    (void)state;
    unreachable = 1;
    assert_ok(database_connect(&one, &error));
    assert_int_equal(unreachable, 0);
    unreachable = 9;
    assert_outcome(database_connect(&one, &error), RETRY); /* nobody is there */
    unreachable = 0;
    assert_ok(database_connect(&one, &error));
}

static void a_slot_has_one_holder(void **state)
{
    (void)state;
    struct database_settings settings = fixture_settings();
    struct lease first, second;
    char sql[96];
    assert_ok(lease_take(&first, &settings, LEASE_ANY, &error));
    assert_ok(lease_take(&second, &settings, LEASE_ANY, &error));
    assert_int_equal(first.slot, 0);
    assert_int_equal(second.slot, 1);
    lease_release(&second);
    assert_outcome(lease_take(&second, &settings, 0, &error), RETRY);
    assert_true(lease_alive(&first));
    snprintf(sql, sizeof sql, "RESET ROLE; SELECT pg_terminate_backend(%d, 2000)",
             PQbackendPID(first.database.connection));
    assert_ok(database_execute(&other, sql, &error));
    assert_false(lease_alive(&first));
    lease_release(&first);
    assert_ok(database_connect(&other, &error));
}

static volatile sig_atomic_t signals;

static void on_alarm(int signal)
{
    (void)signal;
    signals++;
}

/* poll(2) is interrupted even where it does not wait: a worker that is asked to end looks at its lease at that moment. */
static void a_signal_ends_no_lease(void **state)
{
    (void)state;
    struct database_settings settings = fixture_settings();
    struct lease lease;
    struct sigaction before, action = {.sa_handler = on_alarm};
    struct itimerval often = {{0, 100}, {0, 100}}, never = {{0, 0}, {0, 0}};
    size_t lost = 0;
    assert_ok(lease_take(&lease, &settings, LEASE_ANY, &error));
    sigaction(SIGALRM, &action, &before);
    setitimer(ITIMER_REAL, &often, NULL);
    while (signals < 1000)
        lost += !lease_alive(&lease);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
    assert_int_equal(lost, 0);
    lease_release(&lease);
}

static void history_is_not_rewritten(void **state)
{
    (void)state;
    struct database_settings settings = fixture_settings();
    int applied = -1;
    assert_ok(migration_run(&settings, fixture_migrations, 1, &applied, &error));
    assert_int_equal(applied, 0);
    struct migration edited = {1, "tables", "SELECT 1"};
    assert_outcome(migration_run(&settings, &edited, 1, NULL, &error), STOP);
    assert_non_null(strstr(error.text, "never edited"));
    assert_outcome(migration_run(&settings, NULL, 0, NULL, &error), STOP);
    assert_non_null(strstr(error.text, "newer"));
    struct migration broken[] = {fixture_migrations[0],
                                 {2, "broken", "CREATE TABLE x (y int); SELECT z"}};
    assert_outcome(migration_run(&settings, broken, 2, NULL, &error), STOP);
    broken[1].sql = "CREATE TABLE x (y int)";
    assert_ok(migration_run(&settings, broken, 2, &applied, &error));
    assert_int_equal(applied, 1);
}

static void the_service_role_can_do_its_work(void **state)
{
    (void)state;
    char text[2 * SYSTEM_IDENTIFIER_SIZE];
    struct civil far = {2031, 12, 31};
    assert_ok(database_system_identifier(&one, text, &error));
    assert_true(strlen(text) > 10);
    instant_us late = day_to_instant(day_from_civil(far), 0);
    assert_ok(decision_partitions_create(&one, late, 1, &error));
    assert_ok(decision_partitions_create(&one, late, 1, &error));
    assert_ok(database_text(&one, "SELECT to_regclass('decision_segment_2032_01')::text", text,
                            sizeof text, &error));
    assert_string_equal(text, "decision_segment_2032_01");
    assert_ok(database_text(&one, "SELECT count(*)::text FROM decision_segment", text,
                            sizeof text, &error));
    assert_string_not_equal(text, "0");
}

enum { TEXT_SIZE = 1024 };

/* What a partition of decision segments is made of, as a line. */
static void partition_describe(const char *name, char *text, size_t size)
{
    char sql[TEXT_SIZE];
    snprintf(sql, sizeof sql,
             "SELECT concat_ws(' ', relispartition, relowner::regrole, relacl, "
             "(SELECT count(*) || ' ' || bool_and(relispartition) FROM pg_index "
             "JOIN pg_class i ON i.oid = indexrelid WHERE indrelid = c.oid), "
             "(SELECT string_agg(concat(attname, attnotnull, atthasdef, attcompression, "
             "attcollation), ',' ORDER BY attnum) FROM pg_attribute "
             "WHERE attrelid = c.oid AND attnum > 0)) "
             "FROM pg_class c WHERE relname = '%s' AND relnamespace = 'trial'::regnamespace",
             name);
    assert_ok(database_text(&one, sql, text, size, &error));
}

static const struct civil another_year = {2041, 1, 31};

static void a_month_is_made_beside_a_reader_and_like_any_other(void **state)
{
    (void)state;
    char made[TEXT_SIZE], usual[TEXT_SIZE];
    instant_us then = day_to_instant(day_from_civil(another_year), 0);
    assert_ok(database_begin(&other, &error));
    assert_ok(database_execute(&other, "SELECT count(*) FROM decision_segment", &error));
    assert_ok(decision_partitions_create(&one, then, 0, &error));
    database_rollback(&other);
    assert_ok(database_execute(&one,
                               "CREATE TABLE decision_segment_by_hand PARTITION OF "
                               "decision_segment FOR VALUES FROM ('2051-01-01') TO "
                               "('2051-02-01')",
                               &error));
    partition_describe("decision_segment_2041_01", made, sizeof made);
    partition_describe("decision_segment_by_hand", usual, sizeof usual);
    assert_string_equal(made, usual);
    assert_ok(database_text(&one,
                            "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = "
                            "to_regclass('decision_segment_2041_01')",
                            made, sizeof made, &error));
    assert_string_equal(made, "FOR VALUES FROM ('2041-01-01 00:00:00+00') TO "
                              "('2041-02-01 00:00:00+00')");
}

static void *month_of_another(void *argument)
{
    struct error reason;
    enum outcome *outcome = argument;
    *outcome = decision_partitions_create(&one, day_to_instant(day_from_civil(another_year), 0),
                                          1, &reason);
    return NULL;
}

static void two_make_a_month_at_once(void **state)
{
    (void)state;
    char waiting[16] = "";
    pthread_t thread;
    enum outcome outcome = STOP;
    instant_us then = day_to_instant(day_from_civil(another_year), 0);
    assert_ok(database_begin(&other, &error));
    assert_ok(decision_partitions_create(&other, then, 1, &error));
    assert_int_equal(pthread_create(&thread, NULL, month_of_another, &outcome), 0);
    int64_t until_ms = monotonic_ms() + 60000;
    while (strcmp(waiting, "1") != 0 && monotonic_ms() < until_ms)
        assert_ok(database_text(&other, "SELECT count(*)::text FROM pg_locks WHERE NOT granted",
                                waiting, sizeof waiting, &error));
    assert_string_equal(waiting, "1");
    assert_ok(database_execute(&other, "COMMIT", &error));
    database_rollback(&other);
    pthread_join(thread, NULL);
    assert_int_equal(outcome, OK);
    assert_ok(database_text(&one,
                            "SELECT count(*)::text FROM pg_inherits WHERE "
                            "inhrelid = to_regclass('decision_segment_2041_02')",
                            waiting, sizeof waiting, &error));
    assert_string_equal(waiting, "1");
}

static void other_roles_see_what_is_theirs(void **state)
{
    (void)state;
    char text[16];
    assert_ok(database_execute(&other, "RESET ROLE; SET ROLE kerja_read", &error));
    assert_ok(database_text(&other, "SELECT count(*)::text FROM trial_read.source_position",
                            text, sizeof text, &error));
    assert_outcome(database_execute(&other, "SELECT * FROM trial.person", &error), STOP);
    assert_ok(database_execute(&other, "RESET ROLE; SET ROLE kerja_clock", &error));
    struct timer *due;
    size_t count;
    assert_ok(timer_due(&other, 1, 9, &due, &count, &arena, &error));
    assert_outcome(database_execute(&other, "SELECT * FROM waiting", &error), STOP);
    assert_ok(database_connect(&other, &error));
}

/* Its kernel takes connections, and it says nothing: a server that was stopped, or hangs. */
static void a_server_that_says_nothing_is_given_up(void **state)
{
    (void)state;
    char uri[64];
    struct database database;
    struct database_settings settings = fixture_settings();
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(descriptor, 8), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    snprintf(uri, sizeof uri, "postgresql://127.0.0.1:%u/none", ntohs(address.sin_port));
    settings.uri = uri;
    settings.connect_timeout_s = 2; /* the least that libpq knows */
    assert_ok(database_init(&database, &settings, &error));
    alarm(30);
    assert_outcome(database_connect(&database, &error), RETRY);
    alarm(0);
    database_release(&database);
    close(descriptor);
}

static void start_up_says_what_is_wrong(void **state)
{
    (void)state;
    struct database_settings settings = fixture_settings();
    struct database database;
    settings.uri = "postgresql://127.0.0.1:1/none";
    assert_ok(database_init(&database, &settings, &error));
    assert_outcome(database_connect(&database, &error), RETRY);
    database_release(&database);
    settings.uri = getenv("KERJA_TEST_POSTGRES_WRONG_PASSWORD");
    assert_ok(database_init(&database, &settings, &error));
    assert_outcome(database_connect(&database, &error), STOP);
    assert_non_null(strstr(error.text, "password"));
    database_release(&database);
    struct row_type broken = person_type;
    const struct row_type *tables[] = {&broken};
    broken.save_sql = "SELECT missing FROM person";
    settings = fixture_settings();
    settings.tables = tables;
    assert_ok(database_init(&database, &settings, &error));
    assert_outcome(database_connect(&database, &error), STOP);
    assert_non_null(strstr(error.text, "person.save"));
    database_release(&database);
}

int around_run(CMFixtureFunction open, CMFixtureFunction close)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_events_come_with_their_key),
        cmocka_unit_test(of_many_that_wait_for_one_row_the_first_are_loaded),
        cmocka_unit_test(timers_fire_once_when_due),
        cmocka_unit_test(what_is_not_committed_is_not_told_as_done),
        cmocka_unit_test(a_server_that_was_out_of_reach_is_asked_again),
        cmocka_unit_test(a_slot_has_one_holder),
        cmocka_unit_test(a_signal_ends_no_lease),
        cmocka_unit_test(history_is_not_rewritten),
        cmocka_unit_test(the_service_role_can_do_its_work),
        cmocka_unit_test(a_month_is_made_beside_a_reader_and_like_any_other),
        cmocka_unit_test(two_make_a_month_at_once),
        cmocka_unit_test(other_roles_see_what_is_theirs),
        cmocka_unit_test(a_server_that_says_nothing_is_given_up),
        cmocka_unit_test(start_up_says_what_is_wrong),
    };
    return cmocka_run_group_tests_name("around", tests, open, close);
}
