#include "persist/database.h"
#include "persist/migration.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
    const char *name;
    const char *sqlstate;
    enum fault fault;
    enum outcome outcome;
} cases[] = {
    {"stale fact", "KJ001", FAULT_STALE, RETRY},
    {"row that exists", "23505", FAULT_STALE, RETRY},
    {"deadlock", "40P01", FAULT_STALE, RETRY},
    {"serialization", "40001", FAULT_STALE, RETRY},
    {"position lost", "KJ002", FAULT_POSITION, STOP},
    {"limit short", "KJ003", FAULT_LIMIT, RETRY},
    {"read fact changed", "KJ004", FAULT_READ_CHANGED, RETRY},
    {"code of ours that does not exist", "KJ005", FAULT_OURS, STOP},
    {"not UTF-8", "22021", FAULT_RECORD, REJECT},
    {"check constraint", "23514", FAULT_RECORD, REJECT},
    {"disk full", "53100", FAULT_RESOURCES, RETRY},
    {"too many connections", "53300", FAULT_RESOURCES, RETRY},
    {"lock not to be had", "55P03", FAULT_RESOURCES, RETRY},
    {"starting up", "57P03", FAULT_RESOURCES, RETRY},
    {"ended by the administrator", "57P01", FAULT_CONNECTION, RETRY},
    {"idle in transaction for too long", "25P03", FAULT_CONNECTION, RETRY},
    {"connection failure", "08006", FAULT_CONNECTION, RETRY},
    {"nothing said", "", FAULT_CONNECTION, RETRY},
    {"wrong password", "28P01", FAULT_ACCESS, STOP},
    {"right missing", "42501", FAULT_ACCESS, STOP},
    {"table missing", "42P01", FAULT_OURS, STOP},
    {"transaction had failed", "25P02", FAULT_OURS, STOP},
};

static void every_state_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum fault fault = fault_of_sqlstate(cases[i].sqlstate);
        if (fault != cases[i].fault || fault_outcome(fault) != cases[i].outcome)
            fail_msg("%s (%s): fault %d", cases[i].name, cases[i].sqlstate, (int)fault);
    }
    assert_int_equal(fault_of_sqlstate(NULL), FAULT_CONNECTION);
}

static void checksums_follow_the_text(void **state)
{
    (void)state;
    /* FNV-1a's published values for "" and "a". */
    assert_true(migration_checksum("") == UINT64_C(0xcbf29ce484222325));
    assert_true(migration_checksum("a") == UINT64_C(0xaf63dc4c8601ec8c));
}

static void a_service_needs_a_plain_name(void **state)
{
    (void)state;
    static const struct {
        const char *service;
        enum outcome outcome;
    } names[] = {{"application", OK},
                 {"a_b", OK},
                 {"", STOP},
                 {NULL, STOP},
                 {"x; DROP", STOP},
                 {"Application", STOP},
                 {"abcdefghijklmnopqrstuvwxyzabcde", OK},
                 {"abcdefghijklmnopqrstuvwxyzabcdef", STOP}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct database_settings settings = {.uri = "host=db", .service = names[i].service};
        struct database database = {0};
        assert_int_equal(database_init(&database, &settings, NULL), names[i].outcome);
        database_release(&database);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_its_meaning),
        cmocka_unit_test(checksums_follow_the_text),
        cmocka_unit_test(a_service_needs_a_plain_name),
    };
    return cmocka_run_group_tests_name("persist/fault", tests, NULL, NULL);
}
