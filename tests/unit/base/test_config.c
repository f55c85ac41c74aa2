#include "base/config.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct values {
    const char *name, *secret, *uri, *absent;
    int64_t records, offset, linger_ms, arena_bytes;
    struct config_address redis;
};

#define AT(member) offsetof(struct values, member)

static const struct setting settings[] = {
    {"KERJA_NAME", SETTING_TEXT, NULL, 0, 0, "name of the slot", AT(name)},
    {"KERJA_ID_SECRET", SETTING_SECRET_FILE, "/dev/null", 0, 0, "file of the id secret",
     AT(secret)},
    {"KERJA_POSTGRES", SETTING_URI, "postgresql://kerja:hunter2@db/kerja", 0, 0, "database",
     AT(uri)},
    {"KERJA_ABSENT", SETTING_TEXT, "", 0, 0, "may be absent", AT(absent)},
    {"KERJA_BATCH_RECORDS", SETTING_INT, "5000", 1, 10000, "records of a batch, a|b",
     AT(records)},
    {"KERJA_OFFSET", SETTING_INT, "-1", -2, 2, "offset", AT(offset)},
    {"KERJA_LINGER", SETTING_DURATION_MS, "20ms", 10, 7200000, "longest wait", AT(linger_ms)},
    {"KERJA_ARENA", SETTING_BYTES, "64MiB", 0, 0, "memory of a batch", AT(arena_bytes)},
    {"KERJA_REDIS", SETTING_ADDRESS, ":6379", 0, 0, "cache", AT(redis)},
};
static const struct config_table table = {settings, sizeof settings / sizeof *settings};

static enum outcome read(const char *const *environment, struct values *values,
                         struct buffer *problems)
{
    *values = (struct values){0};
    return config_read(&table, (char *const *)environment, values, problems);
}

static void defaults_hold_where_nothing_is_said(void **state)
{
    (void)state;
    const char *const environment[] = {"KERJA_NAME=one", "PATH=/bin", "KERJAX=1",
                                       "KERJA_LINGER=", NULL};
    struct values values;
    struct buffer problems = {0};
    assert_int_equal(read(environment, &values, &problems), OK);
    assert_int_equal(problems.size, 0);
    assert_string_equal(values.name, "one");
    assert_string_equal(values.secret, "/dev/null");
    assert_string_equal(values.uri, "postgresql://kerja:hunter2@db/kerja");
    assert_null(values.absent);
    assert_int_equal(values.records, 5000);
    assert_int_equal(values.offset, -1);
    assert_int_equal(values.linger_ms, 20);
    assert_int_equal(values.arena_bytes, 64 << 20);
    assert_string_equal(values.redis.host, "127.0.0.1");
    assert_int_equal(values.redis.port, 6379);
    buffer_release(&problems);
}

static void all_problems_are_told_at_once(void **state)
{
    (void)state;
    const char *const environment[] = {"KERJA_BATCH_RECORD=7", "KERJA_OFFSET=3",
                                       "KERJA_LINGER=5s5", "KERJA_POSTGRES=hunter2", NULL};
    struct values values;
    struct buffer problems = {0};
    assert_int_equal(read(environment, &values, &problems), STOP);
    buffer_append_byte(&problems, '\0');
    assert_string_equal(
        problems.data,
        "KERJA_NAME is not set: it is name of the slot, a text\n"
        "KERJA_POSTGRES has a value that is not scheme://... or key=value pairs\n"
        "KERJA_OFFSET is \"3\", which is not a whole number from -2 to 2\n"
        "KERJA_LINGER is \"5s5\", which is not a duration such as 250ms, 10s, 5m or 2h from "
        "10ms to 2h\n"
        "KERJA_BATCH_RECORD is not a setting: did you mean KERJA_BATCH_RECORDS?\n");
    buffer_release(&problems);
}

static void each_kind_takes_its_values_and_no_others(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool accepted;
        size_t offset;
        int64_t number;
    } cases[] = {
        {"KERJA_BATCH_RECORDS=1", true, AT(records), 1},
        {"KERJA_BATCH_RECORDS=10000", true, AT(records), 10000},
        {"KERJA_BATCH_RECORDS=0", false, 0, 0},
        {"KERJA_BATCH_RECORDS=10001", false, 0, 0},
        {"KERJA_BATCH_RECORDS= 1", false, 0, 0},
        {"KERJA_BATCH_RECORDS=0x10", false, 0, 0},
        {"KERJA_BATCH_RECORDS=1k", false, 0, 0},
        {"KERJA_BATCH_RECORDS=99999999999999999999", false, 0, 0},
        {"KERJA_OFFSET=-2", true, AT(offset), -2},
        {"KERJA_OFFSET=-3", false, 0, 0},
        {"KERJA_OFFSET=--1", false, 0, 0},
        {"KERJA_OFFSET=-", false, 0, 0},
        {"KERJA_LINGER=10ms", true, AT(linger_ms), 10},
        {"KERJA_LINGER=9ms", false, 0, 0},
        {"KERJA_LINGER=2h", true, AT(linger_ms), 7200000},
        {"KERJA_LINGER=121m", false, 0, 0},
        {"KERJA_LINGER=3s", true, AT(linger_ms), 3000},
        {"KERJA_LINGER=20", false, 0, 0},
        {"KERJA_LINGER=-10s", false, 0, 0},
        {"KERJA_ARENA=0", true, AT(arena_bytes), 0},
        {"KERJA_ARENA=4096", true, AT(arena_bytes), 4096},
        {"KERJA_ARENA=64KiB", true, AT(arena_bytes), 65536},
        {"KERJA_ARENA=2GiB", true, AT(arena_bytes), INT64_C(2) << 30},
        {"KERJA_ARENA=64KB", false, 0, 0},
        {"KERJA_ARENA=9223372036854775807GiB", false, 0, 0},
        {"KERJA_ID_SECRET=/nonexistent/secret", false, 0, 0},
        {"KERJA_POSTGRES=host=db user=kerja", true, AT(linger_ms), 20},
        {"KERJA_REDIS=redis", false, 0, 0},
        {"KERJA_REDIS=redis:65536", false, 0, 0},
        {"KERJA_REDIS=redis:", false, 0, 0},
        {"KERJA_REDIS=::1:6379", false, 0, 0},
        {"KERJA_REDIS=[redis]:6379", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128];
        snprintf(text, sizeof text, "%s", cases[i].text);
        const char *const environment[] = {"KERJA_NAME=one", text, NULL};
        struct values values;
        struct buffer problems = {0};
        enum outcome outcome = read(environment, &values, &problems);
        if ((outcome == OK) != cases[i].accepted)
            fail_msg("%s", text);
        if (cases[i].accepted)
            assert_int_equal(*(int64_t *)(void *)((char *)&values + cases[i].offset),
                             cases[i].number);
        buffer_release(&problems);
    }
}

static void addresses_have_a_host_and_a_port(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *host;
        int port;
    } cases[] = {
        {"KERJA_REDIS=redis.local:6379", "redis.local", 6379},
        {"KERJA_REDIS=[::1]:65535", "::1", 65535},
        {"KERJA_REDIS=:0", "127.0.0.1", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const environment[] = {"KERJA_NAME=one", cases[i].text, NULL};
        struct values values;
        struct buffer problems = {0};
        assert_int_equal(read(environment, &values, &problems), OK);
        assert_string_equal(values.redis.host, cases[i].host);
        assert_int_equal(values.redis.port, cases[i].port);
        buffer_release(&problems);
    }
}

static void assert_printed(void (*print)(const struct config_table *, FILE *),
                           const char *expected)
{
    static const struct setting few[] = {
        {"KERJA_NAME", SETTING_TEXT, NULL, 0, 0, "name of the slot", AT(name)},
        {"KERJA_POSTGRES", SETTING_URI, "postgresql://kerja:hunter2@db", 0, 0, "database",
         AT(uri)},
        {"KERJA_RECORDS", SETTING_INT, "5000", 1, 9, "records, a|b", AT(records)},
        {"KERJA_ABSENT", SETTING_TEXT, "", 0, 0, "may be absent", AT(absent)},
    };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    print(&(struct config_table){few, sizeof few / sizeof *few}, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void the_table_is_printed_without_secrets(void **state)
{
    (void)state;
    assert_printed(config_print, "VARIABLE        KIND          DEFAULT    MEANING\n"
                                 "KERJA_NAME      text          required   name of the slot\n"
                                 "KERJA_POSTGRES  uri (secret)  not shown  database\n"
                                 "KERJA_RECORDS   number        5000       records, a|b\n"
                                 "KERJA_ABSENT    text          none       may be absent\n");
    assert_printed(config_print_markdown,
                   "| variable | kind | default | meaning |\n"
                   "|---|---|---|---|\n"
                   "| `KERJA_NAME` | text | required | name of the slot |\n"
                   "| `KERJA_POSTGRES` | uri (secret) | not shown | database |\n"
                   "| `KERJA_RECORDS` | number | `5000` | records, a\\|b |\n"
                   "| `KERJA_ABSENT` | text | none | may be absent |\n");
}

static void no_problem_repeats_a_secret(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "KERJA_ID_SECRET=3132333435363738393031323334353637383930313233343536373839303132",
        "KERJA_POSTGRES=3132333435363738",
        "KERJA_REDIS=redis://:3132333435363738@redis:6379",
        "KERJA_REDIS=3132333435363738@redis:6379",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *const environment[] = {"KERJA_NAME=one", lines[i], NULL};
        struct values values;
        struct buffer problems = {0};
        assert_int_equal(read(environment, &values, &problems), STOP);
        buffer_append_byte(&problems, '\0');
        assert_null(strstr(problems.data, "3132333435363738"));
        assert_non_null(strstr(problems.data, " has a value that is not "));
        buffer_release(&problems);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold_where_nothing_is_said),
        cmocka_unit_test(all_problems_are_told_at_once),
        cmocka_unit_test(each_kind_takes_its_values_and_no_others),
        cmocka_unit_test(addresses_have_a_host_and_a_port),
        cmocka_unit_test(no_problem_repeats_a_secret),
        cmocka_unit_test(the_table_is_printed_without_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
