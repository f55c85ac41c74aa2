#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void what_is_appended_stands_in_order(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_append(&buffer, "ab", 2);
    buffer_append(&buffer, NULL, 0);
    buffer_append_byte(&buffer, 0xff);
    buffer_append_u16(&buffer, 0x0102);
    buffer_append_u32(&buffer, 0x03040506);
    buffer_append_u64(&buffer, UINT64_C(0x0708090a0b0c0d0e));
    static const char expected[] =
        "ab\xff\x02\x01\x06\x05\x04\x03\x0e\x0d\x0c\x0b\x0a\x09\x08\x07";
    assert_true(slice_equal(buffer_slice(&buffer), SLICE(expected)));
    assert_false(buffer_failed(&buffer));
    buffer_release(&buffer);
    assert_int_equal(buffer.size, 0);
    buffer_release(NULL);
}

static void it_grows_and_keeps_its_content(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (int i = 0; i < 100000; i++)
        buffer_append_byte(&buffer, (unsigned char)i);
    assert_int_equal(buffer.size, 100000);
    for (int i = 0; i < 100000; i++)
        assert_int_equal((unsigned char)buffer.data[i], (unsigned char)i);
    size_t capacity = buffer.capacity;
    buffer_clear(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_int_equal(buffer.capacity, capacity);
    buffer_release(&buffer);
}

static void what_is_formatted_stands_whole_whatever_its_length(void **state)
{
    static const int lengths[] = {0, 1, 254, 255, 256, 257, 5000};
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct buffer buffer = {0};
        buffer_append(&buffer, "a", 1);
        buffer_format(&buffer, "%0*d", lengths[i], 7);
        buffer_format(&buffer, "%s", "z");
        size_t digits = lengths[i] == 0 ? 1 : (size_t)lengths[i];
        assert_int_equal(buffer.size, digits + 2);
        assert_int_equal(buffer.data[0], 'a');
        assert_int_equal(buffer.data[digits], '7');
        assert_int_equal(buffer.data[digits + 1], 'z');
        assert_int_equal(strspn(buffer.data + 1, "0"), digits - 1);
        buffer.failed = true;
        buffer_format(&buffer, "%d", 1);
        assert_int_equal(buffer.size, digits + 2);
        buffer_release(&buffer);
    }
}

static void room_is_given_before_it_is_counted(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    char *room = buffer_reserve(&buffer, 1000);
    assert_non_null(room);
    assert_int_equal(buffer.size, 0);
    assert_true(buffer.capacity >= 1000);
    memcpy(room, "abc", 3);
    buffer.size += 3;
    assert_true(slice_is(buffer_slice(&buffer), "abc"));
    buffer_release(&buffer);
}

static void a_failure_is_remembered_until_cleared(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_append(&buffer, "a", 1);
    buffer.failed = true;
    assert_null(buffer_reserve(&buffer, 1));
    buffer_append(&buffer, "b", 1);
    assert_int_equal(buffer.size, 1);
    assert_true(buffer_failed(&buffer));
    buffer_clear(&buffer);
    buffer_append(&buffer, "c", 1);
    assert_true(slice_is(buffer_slice(&buffer), "c"));
    buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_stands_in_order),
        cmocka_unit_test(it_grows_and_keeps_its_content),
        cmocka_unit_test(what_is_formatted_stands_whole_whatever_its_length),
        cmocka_unit_test(room_is_given_before_it_is_counted),
        cmocka_unit_test(a_failure_is_remembered_until_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
