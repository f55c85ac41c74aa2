/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/client_log.h"

#include <string.h>

struct heard {
    unsigned lines, unsaid;
    int level;
    const char *facility;
};

static void hear(void *context, int level, const char *facility, const char *message,
                 unsigned unsaid)
{
    struct heard *heard = context;

    assert_non_null(message);
    heard->lines++;
    heard->unsaid = unsaid;
    heard->level = level;
    heard->facility = facility;
}

static void a_facility_speaks_once_in_its_silence(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct client_log log;

    client_log_init(&log, hear, &heard);
    client_log_write(&log, 1000, 3, "FAIL", "connection refused");
    assert_int_equal(heard.lines, 1);
    assert_int_equal(heard.level, 3);
    assert_string_equal(heard.facility, "FAIL");
    client_log_write(&log, 1001, 3, "FAIL", "connection refused");
    client_log_write(&log, 1000 + CLIENT_LOG_QUIET_MS - 1, 3, "FAIL", "connection refused");
    assert_int_equal(heard.lines, 1);
    client_log_write(&log, 1000 + CLIENT_LOG_QUIET_MS, 3, "FAIL", "connection refused");
    assert_int_equal(heard.lines, 2);
    assert_int_equal(heard.unsaid, 2);
}

static void another_facility_is_not_silenced(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct client_log log;

    client_log_init(&log, hear, &heard);
    client_log_write(&log, 1000, 3, "FAIL", "connection refused");
    client_log_write(&log, 1000, 5, "REQTMOUT", "timed out");
    assert_int_equal(heard.lines, 2);
    assert_int_equal(heard.unsaid, 0);
}

static void nobody_has_to_listen(void **state)
{
    (void)state;
    struct client_log log;

    client_log_init(&log, NULL, NULL);
    client_log_write(&log, 1, 3, "FAIL", "");
    client_log_write(NULL, 1, 3, "FAIL", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_facility_speaks_once_in_its_silence),
        cmocka_unit_test(another_facility_is_not_silenced),
        cmocka_unit_test(nobody_has_to_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
