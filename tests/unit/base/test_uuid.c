#include "base/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void texts_are_read_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool accepted;
    } cases[] = {
        {"00112233-4455-6677-8899-aabbccddeeff", true},
        {"00112233-4455-6677-8899-AABBCCDDEEFF", true},
        {"00000000-0000-0000-0000-000000000000", true},
        {"", false},
        {"00112233-4455-6677-8899-aabbccddeef", false},
        {"00112233-4455-6677-8899-aabbccddeeff0", false},
        {"00112233445566778899aabbccddeeff", false},
        {"00112233-4455-6677-8899-aabbccddeefg", false},
        {"001122334-455-6677-8899-aabbccddeeff", false},
        {"{0112233-4455-6677-8899-aabbccddeef}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct uuid uuid = {{9}};
        if (uuid_parse(slice_of(cases[i].text), &uuid) != cases[i].accepted)
            fail_msg("%s", cases[i].text);
        if (!cases[i].accepted)
            assert_int_equal(uuid.bytes[0], 9);
    }
}

static void what_is_read_is_written_in_lower_case(void **state)
{
    (void)state;
    struct uuid uuid;
    char text[UUID_TEXT_SIZE + 1];
    assert_true(uuid_parse(SLICE("FFEEDDCC-BBAA-9988-7766-554433221100"), &uuid));
    assert_int_equal(uuid.bytes[0], 0xff);
    assert_int_equal(uuid.bytes[15], 0);
    uuid_format(&uuid, text);
    assert_string_equal(text, "ffeeddcc-bbaa-9988-7766-554433221100");
}

static void version_8_touches_six_bits(void **state)
{
    (void)state;
    struct uuid uuid;
    char text[UUID_TEXT_SIZE + 1];
    memset(&uuid, 0xff, sizeof uuid);
    uuid_mark_version_8(&uuid);
    uuid_format(&uuid, text);
    assert_string_equal(text, "ffffffff-ffff-8fff-bfff-ffffffffffff");
    memset(&uuid, 0, sizeof uuid);
    uuid_mark_version_8(&uuid);
    uuid_format(&uuid, text);
    assert_string_equal(text, "00000000-0000-8000-8000-000000000000");
}

static void ids_order_by_their_bytes(void **state)
{
    (void)state;
    struct uuid nil = {{0}}, small = {{0, 1}}, large = {{0x80}};
    assert_true(uuid_is_nil(&nil));
    assert_false(uuid_is_nil(&small));
    assert_true(uuid_compare(&small, &large) < 0);
    assert_true(uuid_compare(&large, &small) > 0);
    assert_true(uuid_equal(&small, &small) && !uuid_equal(&small, &large));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_or_refused),
        cmocka_unit_test(what_is_read_is_written_in_lower_case),
        cmocka_unit_test(version_8_touches_six_bits),
        cmocka_unit_test(ids_order_by_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
