/* What the batch transaction promises, shown on a real server. */
#include "fixture.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>

struct database one, other;
struct arena arena;
struct error error;
unsigned next_id = 1;

static struct batch_source source_at(int64_t from, int64_t next, int64_t epoch,
                                     int32_t partition)
{
    return (struct batch_source){.topic = "people",
                                 .partition = partition,
                                 .from_offset = from,
                                 .next_offset = next,
                                 .owner_epoch = epoch,
                                 .record_count = 1,
                                 .outbox = SLICE("sealed"),
                                 .decision_count = 1,
                                 .decisions = SLICE("why")};
}

static enum commit_result rows_commit(struct database *database, const void **inserts,
                                      size_t insert_count, const void **saves,
                                      size_t save_count, struct read_check *check)
{
    struct batch_table table = {.type = &person_type,
                                .inserts = inserts,
                                .insert_count = insert_count,
                                .saves = saves,
                                .save_count = save_count,
                                .checks = check,
                                .check_count = check != NULL};
    struct batch batch = {
        .cluster_id = CLUSTER, .tables = &table, .table_count = 1, .codec = &note_codec};
    return persist_commit(database, &batch, &error);
}

static enum commit_result person_insert(struct database *database, unsigned number)
{
    struct person person = person_of(number, 1);
    const void *rows[] = {&person};
    return rows_commit(database, rows, 1, NULL, 0, NULL);
}

static enum commit_result person_save(struct database *database, unsigned number,
                                      int64_t version)
{
    struct person person = person_of(number, version);
    const void *rows[] = {&person};
    return rows_commit(database, NULL, 0, rows, 1, NULL);
}

static struct person *person_load(struct database *database, unsigned number, bool locked)
{
    struct uuid key = id_of(number);
    struct row_load load = {.type = &person_type, .keys = &key, .key_count = 1};
    assert_ok(persist_load(database, &load, 1, NULL, locked, &note_codec, &arena, &error));
    return load.rows[0];
}

static enum commit_result limit_take(struct database *database, unsigned number, int64_t amount,
                                     int64_t ceiling)
{
    struct quota quota = {.label = SLICE("seats")};
    struct limit_move move = {&quota_type, id_of(number), amount, ceiling, &quota};
    struct batch batch = {
        .cluster_id = CLUSTER, .limits = &move, .limit_count = 1, .codec = &note_codec};
    return persist_commit(database, &batch, &error);
}

static int64_t claim(struct database *database, int32_t partition)
{
    struct position start = {{"people", partition}, 10};
    struct source_position claimed;
    assert_ok(source_position_claim(database, CLUSTER, "worker", &start, 1, &claimed, &error));
    return claimed.owner_epoch;
}

static void rows_come_back_as_they_went(void **state)
{
    (void)state;
    unsigned number = next_id++;
    assert_outcome(person_insert(&one, number), COMMITTED);
    struct person wrote = person_of(number, 1), *read = person_load(&one, number, false);
    assert_non_null(read);
    assert_true(read->has_name && slice_is(read->name, "Siti") && read->has_born_on);
    assert_int_equal(read->born_on, wrote.born_on);
    assert_true(read->seen_at == wrote.seen_at && read->amount == wrote.amount);
    assert_true(read->active && read->state == 2 && read->has_note && read->note.number == 7);
    assert_int_equal(read->tags.count, wrote.tags.count);
    for (size_t i = 0; i < wrote.tags.count; i++)
        assert_true(slice_equal(read->tags.items[i], wrote.tags.items[i]));
}

static void a_full_arena_is_nobodys_fault(void **state)
{
    (void)state;
    struct arena small = {.base = arena.base};
    struct uuid key = id_of(next_id);
    assert_outcome(person_insert(&one, next_id++), COMMITTED);
    for (enum outcome outcome = REJECT; outcome != OK; small.used = 0, small.capacity += 16) {
        struct row_load load = {.type = &person_type, .keys = &key, .key_count = 1};
        outcome = persist_load(&one, &load, 1, NULL, false, &note_codec, &small, &error);
        assert_true((outcome == OK || outcome == REJECT) && small.capacity < 1 << 16);
    }
}

static void absent_members_come_back_absent(void **state)
{
    (void)state;
    unsigned number = next_id++;
    struct person person = {.person_id = id_of(number), .version = 1};
    const void *rows[] = {&person};
    assert_outcome(rows_commit(&one, rows, 1, NULL, 0, NULL), COMMITTED);
    struct person *read = person_load(&one, number, false);
    assert_false(read->has_name || read->has_born_on || read->has_note);
    assert_int_equal(read->tags.count, 0);
    assert_null(person_load(&one, next_id++, false));
}

static void stale_saves_are_refused(void **state)
{
    (void)state;
    unsigned number = next_id++;
    assert_outcome(person_insert(&one, number), COMMITTED);
    assert_outcome(person_save(&other, number, 2), COMMITTED);
    assert_outcome(person_save(&one, number, 2), COMMIT_STALE);
    assert_string_equal(one.sqlstate, "KJ001");
    assert_outcome(person_save(&one, number, 3), COMMITTED);
}

static void what_is_there_is_not_inserted(void **state)
{
    (void)state;
    unsigned number = next_id++;
    assert_outcome(person_insert(&other, number), COMMITTED);
    assert_outcome(person_insert(&one, number), COMMIT_STALE);
    assert_string_equal(one.sqlstate, "23505");
    assert_null(strstr(error.text, "Siti"));
    assert_null(strstr(error.text, "Key ("));
}

static void changed_reads_are_noticed(void **state)
{
    (void)state;
    unsigned number = next_id++, fresh = next_id++;
    struct read_check absent = {id_of(number), 0}, present = {id_of(number), 1};
    assert_outcome(rows_commit(&one, NULL, 0, NULL, 0, &absent), COMMITTED);
    assert_outcome(person_insert(&other, number), COMMITTED);
    assert_outcome(rows_commit(&one, NULL, 0, NULL, 0, &absent), COMMIT_READ_CHANGED);
    assert_outcome(rows_commit(&one, NULL, 0, NULL, 0, &present), COMMITTED);
    assert_outcome(person_save(&other, number, 2), COMMITTED);
    assert_outcome(rows_commit(&one, NULL, 0, NULL, 0, &present), COMMIT_READ_CHANGED);
    struct person person = person_of(fresh, 1);
    const void *rows[] = {&person};
    assert_outcome(rows_commit(&one, rows, 1, NULL, 0, &present), COMMIT_READ_CHANGED);
    assert_null(person_load(&one, fresh, false));
}

static void a_claimed_position_is_lost_to_its_owner(void **state)
{
    (void)state;
    int64_t epoch = claim(&one, 0);
    struct batch_source source = source_at(10, 20, epoch, 0);
    struct batch batch = {.cluster_id = CLUSTER, .sources = &source, .source_count = 1};
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
    assert_outcome(persist_commit(&one, &batch, &error), COMMIT_POSITION_LOST);
    assert_true(claim(&other, 0) == epoch + 1);
    source = source_at(20, 30, epoch, 0);
    assert_outcome(persist_commit(&one, &batch, &error), COMMIT_POSITION_LOST);
    source.owner_epoch = epoch + 1;
    assert_outcome(persist_commit(&other, &batch, &error), COMMITTED);
}

static void the_outbox_is_read_and_pruned(void **state)
{
    (void)state;
    struct stored_payload *rows;
    size_t count;
    struct topic_partition at = {"people", 1};
    int64_t epoch = claim(&one, 1);
    struct batch_source source = source_at(10, 20, epoch, 1);
    struct batch batch = {.cluster_id = CLUSTER, .sources = &source, .source_count = 1};
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
    source = source_at(20, 25, epoch, 1);
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
    assert_ok(outbox_read(&one, CLUSTER, &at, 10, 25, 9, &rows, &count, &arena, &error));
    assert_int_equal(count, 2);
    assert_true(rows[1].from_offset == 20 && slice_is(rows[1].payload, "sealed"));
    source = source_at(25, 25, epoch, 1);
    source.published_next = 20;
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
    assert_ok(outbox_read(&one, CLUSTER, &at, 0, 25, 9, &rows, &count, &arena, &error));
    assert_int_equal(count, 1);
    struct source_position position = {.at = at, .owner_epoch = epoch};
    assert_ok(source_position_conflict(&one, CLUSTER, &position, "K beyond G", &error));
    source = source_at(25, 30, epoch, 1);
    assert_outcome(persist_commit(&one, &batch, &error), COMMIT_POSITION_LOST);
    struct position_command command = {at, 40, 40, true};
    assert_ok(source_position_set(&other, CLUSTER, &command, &error));
    source = source_at(40, 50, epoch + 1, 1);
    assert_outcome(persist_commit(&one, &batch, &error), COMMITTED);
}

static void limits_end_at_their_ceiling(void **state)
{
    (void)state;
    unsigned number = next_id++;
    assert_outcome(limit_take(&one, number, 4, 3), COMMIT_LIMIT_SHORT);
    assert_outcome(limit_take(&one, number, 2, 3), COMMITTED);
    assert_outcome(limit_take(&other, number, 2, 3), COMMIT_LIMIT_SHORT);
    assert_outcome(limit_take(&other, number, 1, 3), COMMITTED);
    assert_outcome(limit_take(&one, number, 1, 3), COMMIT_LIMIT_SHORT);
    assert_outcome(limit_take(&one, number, -1, 1), COMMITTED);
    assert_outcome(limit_take(&one, number, 1, 3), COMMITTED);
}

enum { WRITERS = 4, BATCHES = 40, ROWS = 50 };

struct writer {
    unsigned first;
    unsigned limit;
    int committed, stale, short_of, others, deadlocks;
};

static void *limit_writer(void *argument)
{
    struct writer *writer = argument;
    struct database_settings settings = fixture_settings();
    struct database database;
    struct error reason;
    if (database_init(&database, &settings, &reason) != OK ||
        database_connect(&database, &reason) != OK) {
        writer->others++;
        return NULL;
    }
    for (int i = 0; i < BATCHES; i++) {
        struct quota quota = {.label = SLICE("seats")};
        struct limit_move move = {&quota_type, id_of(writer->limit), 1, BATCHES, &quota};
        struct batch batch = {.cluster_id = CLUSTER, .limits = &move, .limit_count = 1};
        enum commit_result result = persist_commit(&database, &batch, &reason);
        writer->committed += result == COMMITTED;
        writer->short_of += result == COMMIT_LIMIT_SHORT;
        writer->others += result != COMMITTED && result != COMMIT_LIMIT_SHORT;
    }
    database_release(&database);
    return NULL;
}

static void two_writers_get_exactly_the_ceiling(void **state)
{
    (void)state;
    struct writer writers[2] = {{.limit = next_id}, {.limit = next_id}};
    pthread_t threads[2];
    next_id++;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, limit_writer, &writers[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(writers[0].committed + writers[1].committed, BATCHES);
    assert_int_equal(writers[0].short_of + writers[1].short_of, BATCHES);
    assert_int_equal(writers[0].others + writers[1].others, 0);
}

/* Each saves the same rows, given in an order of its own. */
static void *row_writer(void *argument)
{
    struct writer *writer = argument;
    struct database_settings settings = fixture_settings();
    struct database database;
    struct error reason;
    static __thread struct person people[ROWS];
    if (database_init(&database, &settings, &reason) != OK ||
        database_connect(&database, &reason) != OK) {
        writer->others++;
        return NULL;
    }
    for (int i = 0; i < BATCHES; i++) {
        const void *rows[ROWS];
        for (unsigned k = 0; k < ROWS; k++) {
            people[k] = person_of(writer->first + (k * 7 + writer->limit) % ROWS,
                                  2 + writer->committed + writer->stale);
            rows[k] = &people[k];
        }
        struct batch_table table = {.type = &person_type, .saves = rows, .save_count = ROWS};
        struct batch batch = {
            .cluster_id = CLUSTER, .tables = &table, .table_count = 1, .codec = &note_codec};
        enum commit_result result = persist_commit(&database, &batch, &reason);
        writer->deadlocks += strcmp(database.sqlstate, "40P01") == 0;
        writer->committed += result == COMMITTED;
        writer->stale += result == COMMIT_STALE;
        writer->others += result != COMMITTED && result != COMMIT_STALE;
    }
    database_release(&database);
    return NULL;
}

static void sorted_writers_never_deadlock(void **state)
{
    (void)state;
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    unsigned first = next_id;
    next_id += ROWS;
    for (unsigned i = 0; i < ROWS; i++)
        assert_outcome(person_insert(&one, first + i), COMMITTED);
    for (unsigned i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){.first = first, .limit = i * 11};
        assert_int_equal(pthread_create(&threads[i], NULL, row_writer, &writers[i]), 0);
    }
    int committed = 0;
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(writers[i].deadlocks, 0);
        assert_int_equal(writers[i].others, 0);
        committed += writers[i].committed;
    }
    assert_true(committed >= 1 && committed <= BATCHES);
    assert_true(person_load(&one, first, false)->version == committed + 1);
}

static void tight_mode_sees_what_is_left_and_keeps_it(void **state)
{
    (void)state;
    unsigned number = next_id++;
    struct uuid key = id_of(number);
    struct row_load load = {.type = &quota_type, .keys = &key, .key_count = 1};
    assert_outcome(limit_take(&one, number, 8, 10), COMMITTED);
    assert_ok(persist_lock_limits(&one, &load, 1, NULL, &arena, &error));
    const struct quota *quota = load.rows[0];
    assert_true(one.in_transaction && quota->used == 8 && quota->ceiling == 10);
    assert_true(slice_is(quota->label, "seats"));
    assert_ok(database_execute(&other, "SET lock_timeout = 50", &error));
    assert_outcome(limit_take(&other, number, 1, 10), COMMIT_RETRY_LATER);
    assert_ok(database_execute(&other, "SET lock_timeout = 3000", &error));
    assert_outcome(limit_take(&one, number, quota->ceiling - quota->used, 10), COMMITTED);
    assert_false(one.in_transaction);
    assert_outcome(limit_take(&other, number, 1, 10), COMMIT_LIMIT_SHORT);
}

static void a_locked_load_holds_until_commit(void **state)
{
    (void)state;
    unsigned number = next_id++;
    assert_outcome(person_insert(&one, number), COMMITTED);
    assert_true(person_load(&one, number, true)->version == 1);
    assert_true(one.in_transaction);
    assert_ok(database_execute(&other, "SET lock_timeout = 50", &error));
    assert_outcome(person_save(&other, number, 2), COMMIT_RETRY_LATER);
    assert_ok(database_execute(&other, "SET lock_timeout = 3000", &error));
    assert_outcome(person_save(&one, number, 2), COMMITTED);
}

static void a_value_that_breaks_is_told_from_our_faults(void **state)
{
    (void)state;
    struct person person = person_of(next_id++, 1);
    const void *rows[] = {&person};
    person.amount = -1;
    assert_outcome(rows_commit(&one, rows, 1, NULL, 0, NULL), COMMIT_BROKEN_RECORD);
    person.amount = 1;
    person.name = SLICE("no \xff UTF-8");
    assert_outcome(rows_commit(&one, rows, 1, NULL, 0, NULL), COMMIT_BROKEN_RECORD);
    assert_null(strstr(error.text, "0xff"));
    person.name = SLICE("zero \0 byte");
    assert_outcome(rows_commit(&one, rows, 1, NULL, 0, NULL), COMMIT_BROKEN_RECORD);
    person.name = SLICE("Siti");
    assert_outcome(rows_commit(&one, rows, 1, NULL, 0, NULL), COMMITTED);
}

static void a_session_ended_before_is_tried_again_later(void **state)
{
    (void)state;
    char sql[96];
    unsigned number = next_id++;
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%d, 2000)",
             PQbackendPID(one.connection));
    assert_ok(database_execute(&other, "RESET ROLE", &error));
    assert_ok(database_execute(&other, sql, &error));
    enum commit_result result = person_insert(&one, number);
    assert_true(result == COMMIT_RETRY_LATER || result == COMMIT_UNKNOWN);
    assert_false(database_usable(&one));
    assert_outcome(person_insert(&one, number), COMMIT_RETRY_LATER);
    assert_ok(database_connect(&one, &error));
    assert_ok(database_connect(&other, &error));
    assert_outcome(person_insert(&one, number), COMMITTED);
}

static void *socket_drop(void *argument)
{
    int *socket = argument;
    /* The server is held up by a lock that the main thread took: COMMIT is on its way. */
    char waiting[16] = "";
    struct error reason;
    int64_t until_ms = monotonic_ms() + 60000;
    /* pg_locks is read anew in one transaction, pg_stat_activity is not. */
    while (strcmp(waiting, "1") != 0 && monotonic_ms() < until_ms &&
           database_text(&other, "SELECT count(*)::text FROM pg_locks WHERE NOT granted",
                         waiting, sizeof waiting, &reason) == OK)
        continue;
    shutdown(*socket, SHUT_RDWR);
    return NULL;
}

static void a_connection_lost_after_commit_was_sent_is_unknown(void **state)
{
    (void)state;
    unsigned number = next_id++;
    pthread_t thread;
    int socket = PQsocket(one.connection);
    assert_outcome(person_insert(&one, number), COMMITTED);
    assert_non_null(person_load(&other, number, true));
    assert_int_equal(pthread_create(&thread, NULL, socket_drop, &socket), 0);
    assert_outcome(person_save(&one, number, 2), COMMIT_UNKNOWN);
    pthread_join(thread, NULL);
    assert_false(database_usable(&one));
    database_rollback(&other);
    assert_ok(database_connect(&one, &error));
}

static void a_silent_server_is_left(void **state)
{
    (void)state;
    unsigned number = next_id++;
    int usual_ms = one.settings.answer_timeout_ms;
    assert_outcome(person_insert(&one, number), COMMITTED);
    assert_non_null(person_load(&other, number, true));
    one.settings.answer_timeout_ms = 100;
    assert_outcome(person_save(&one, number, 2), COMMIT_UNKNOWN);
    assert_false(database_usable(&one));
    database_rollback(&other);
    one.settings.answer_timeout_ms = usual_ms;
    assert_ok(database_connect(&one, &error));
    one.settings.answer_timeout_ms = 100;
    assert_outcome(database_execute(&one, "SELECT pg_sleep(2)", &error), RETRY);
    assert_false(database_usable(&one));
    one.settings.answer_timeout_ms = usual_ms;
    assert_ok(database_connect(&one, &error));
}

static int servers_open(void **state)
{
    (void)state;
    struct database_settings settings = fixture_settings();
    if (settings.uri == NULL || !arena_init(&arena, 64 << 20))
        return -1;
    enum outcome outcome =
        migration_run(&settings, fixture_migrations, fixture_migration_count, NULL, &error);
    if (outcome == OK)
        outcome = database_init(&one, &settings, &error);
    if (outcome == OK)
        outcome = database_init(&other, &settings, &error);
    if (outcome == OK)
        outcome = database_connect(&one, &error);
    if (outcome == OK)
        outcome = database_connect(&other, &error);
    if (outcome != OK)
        fprintf(stderr, "%s\n", error.text);
    return outcome == OK ? 0 : -1;
}

static int servers_close(void **state)
{
    (void)state;
    database_release(&one);
    database_release(&other);
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_as_they_went),
        cmocka_unit_test(a_full_arena_is_nobodys_fault),
        cmocka_unit_test(absent_members_come_back_absent),
        cmocka_unit_test(stale_saves_are_refused),
        cmocka_unit_test(what_is_there_is_not_inserted),
        cmocka_unit_test(changed_reads_are_noticed),
        cmocka_unit_test(a_claimed_position_is_lost_to_its_owner),
        cmocka_unit_test(the_outbox_is_read_and_pruned),
        cmocka_unit_test(limits_end_at_their_ceiling),
        cmocka_unit_test(two_writers_get_exactly_the_ceiling),
        cmocka_unit_test(sorted_writers_never_deadlock),
        cmocka_unit_test(tight_mode_sees_what_is_left_and_keeps_it),
        cmocka_unit_test(a_locked_load_holds_until_commit),
        cmocka_unit_test(a_value_that_breaks_is_told_from_our_faults),
        cmocka_unit_test(a_session_ended_before_is_tried_again_later),
        cmocka_unit_test(a_connection_lost_after_commit_was_sent_is_unknown),
        cmocka_unit_test(a_silent_server_is_left),
    };
    return cmocka_run_group_tests_name("batch", tests, servers_open, servers_close) +
           around_run(servers_open, servers_close);
}
