#include "base/calendar.h"
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

enum { READ_SIZE = 2 * LOG_LINE_SIZE };

static char text[READ_SIZE];

/* A log whose lines go into a pipe. */
static struct log log_into_pipe(int ends[2])
{
    struct log log = log_new(LEVEL_INFO);
    assert_int_equal(pipe(ends), 0);
    log.descriptor = ends[1];
    return log;
}

/* What was written, from behind the time of the first line. */
static const char *written(const int ends[2])
{
    close(ends[1]);
    ssize_t size = read(ends[0], text, sizeof text - 1);
    assert_true(size >= 0);
    close(ends[0]);
    text[size] = '\0';
    if (size == 0)
        return text;
    instant_us at;
    assert_int_equal(strncmp(text, "at=", 3), 0);
    assert_true(instant_parse((struct slice){text + 3, INSTANT_TEXT_SIZE}, &at));
    return text + 3 + INSTANT_TEXT_SIZE;
}

static void a_fact_is_one_line_with_its_context(void **state)
{
    (void)state;
    int ends[2];
    struct log log = log_into_pipe(ends);
    log_bind(&log, "service", "application");
    log_bind_number(&log, "slot", 3);
    log_bind_number(&log, "slot", 0); /* the latest stands */
    log_info(&log, LOG_FACT("batch committed"), LOG_NUMBER("records", 5000),
             LOG_SLICE("topic", SLICE("award.changed")), LOG_NUMBER("least", INT64_MIN));
    assert_string_equal(written(ends),
                        " level=info service=application slot=0 fact=\"batch committed\" "
                        "records=5000 topic=award.changed "
                        "least=-9223372036854775808\n");
}

static void values_are_escaped(void **state)
{
    (void)state;
    const struct {
        struct slice value;
        const char *shown;
    } cases[] = {
        {SLICE("plain_1-2./:+@,"), "plain_1-2./:+@,"},
        {SLICE(""), "\"\""},
        {SLICE("two words"), "\"two words\""},
        {SLICE("a=b"), "\"a=b\""},
        {SLICE("say \"no\" \\"), "\"say \\\"no\\\" \\\\\""},
        {SLICE("one\ntwo\r\tthree\x1b[2J\x7f"), "\"one\\ntwo\\x0d\\x09three\\x1b[2J\\x7f\""},
        {SLICE("a\0b"), "\"a\\x00b\""},
        {SLICE("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
         "\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""},
        {SLICE("\xc2\x9b"), "\"\\xc2\\x9b\""},
        {SLICE("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82"),
         "\"\\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xe2\\x82\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int ends[2];
        struct log log = log_into_pipe(ends);
        char expected[256];
        log_error(&log, LOG_SLICE("value", cases[i].value));
        snprintf(expected, sizeof expected, " level=error value=%s\n", cases[i].shown);
        assert_string_equal(written(ends), expected);
    }
}

static void lines_below_the_level_are_not_written(void **state)
{
    (void)state;
    int ends[2];
    struct log log = log_into_pipe(ends);
    log_debug(&log, LOG_FACT("hidden"));
    log.level = LEVEL_ERROR;
    log_warning(&log, LOG_FACT("hidden"));
    assert_string_equal(written(ends), "");
}

static void a_line_too_long_says_that_it_is_cut(void **state)
{
    (void)state;
    static char long_value[LOG_LINE_SIZE + 1];
    int ends[2];
    struct log log = log_into_pipe(ends);
    memset(long_value, 'x', LOG_LINE_SIZE);
    log_info(&log, LOG_FACT("short"), LOG_TEXT("long", long_value), LOG_NUMBER("after", 1));
    const char *line = written(ends);
    assert_string_equal(line, " level=info fact=short long= cut=true\n");
}

static void levels_are_read_by_their_names(void **state)
{
    (void)state;
    enum log_level level = LEVEL_ERROR;
    assert_true(log_level_parse(SLICE("debug"), &level));
    assert_int_equal(level, LEVEL_DEBUG);
    assert_true(log_level_parse(SLICE("warning"), &level));
    assert_int_equal(level, LEVEL_WARNING);
    assert_false(log_level_parse(SLICE("WARN"), &level));
    assert_int_equal(level, LEVEL_WARNING);
}

static void an_outage_is_told_at_its_begin_once_a_minute_and_at_its_end(void **state)
{
    (void)state;
    static const struct {
        int64_t now_ms;
        bool told;
    } failures[] = {{1000, true}, {1001, false}, {60999, false}, {61000, true}, {61001, false}};
    int ends[2];
    struct log log = log_into_pipe(ends);
    struct log_outage outage = {0};
    log_outage_over(&log, &outage, 0, "postgres");
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        assert_int_equal(log_outage_failed(&log, &outage, failures[i].now_ms, "postgres",
                                           "connection refused", "retry"),
                         failures[i].told);
    log_outage_over(&log, &outage, 62000, "postgres");
    log_outage_over(&log, &outage, 62001, "postgres");
    written(ends);
    static const char *const lines[] = {
        "level=warning fact=outage of=postgres reason=\"connection refused\" next=retry "
        "failures=1 "
        "for_ms=0\n",
        "level=warning fact=\"outage lasts\" of=postgres reason=\"connection refused\" "
        "next=retry "
        "failures=4 for_ms=60000\n",
        "level=info fact=\"outage over\" of=postgres failures=5 for_ms=61000\n",
    };
    const char *at = text;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        at += strlen("at=") + INSTANT_TEXT_SIZE + 1;
        assert_int_equal(strncmp(at, lines[i], strlen(lines[i])), 0);
        at += strlen(lines[i]);
    }
    assert_string_equal(at, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fact_is_one_line_with_its_context),
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(lines_below_the_level_are_not_written),
        cmocka_unit_test(a_line_too_long_says_that_it_is_cut),
        cmocka_unit_test(levels_are_read_by_their_names),
        cmocka_unit_test(an_outage_is_told_at_its_begin_once_a_minute_and_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
