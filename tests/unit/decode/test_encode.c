#include "decode/encode.h"

#include "sample_event.h"
#include "test_rows.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena arena;

/* SLICE() for what lives as long as the program. */
#define TEXT(literal)                                                                          \
    {                                                                                          \
        (literal), sizeof(literal) - 1                                                         \
    }

static const struct sample_row_part parts[] = {
    {.name = TEXT("one")}, {.name = TEXT("two"), .has_count = true, .count = -2}};
static const struct slice reasons[] = {TEXT("A"), TEXT("")};

static const struct sample_row row = {.flag = true,
                                      .number = INT32_MIN,
                                      .total = INT64_MAX,
                                      .on = 1,
                                      .at = -1,
                                      .amount = -1,
                                      .has_sealed = true,
                                      .sealed = {"\0\xff", 2},
                                      .state = SAMPLE_ROW_STATE_CLOSED,
                                      .reasons = {reasons, 2},
                                      .parts = {parts, 2},
                                      .has_first = true,
                                      .first = {.name = TEXT("first")},
                                      .version = 3};

static void a_row_comes_back_as_it_was(void **state)
{
    (void)state;
    struct buffer buffer = {0}, again = {0};
    struct sample_row read;
    encode_record(&sample_row_record, &row, &buffer);
    assert_true(decode_record(&sample_row_record, buffer_slice(&buffer), &arena, &read));
    assert_int_equal(read.total, INT64_MAX);
    assert_int_equal(read.state, SAMPLE_ROW_STATE_CLOSED);
    assert_int_equal(read.parts.items[1].count, -2);
    assert_false(read.has_title);
    encode_record(&sample_row_record, &read, &again);
    assert_true(slice_equal(buffer_slice(&buffer), buffer_slice(&again)));
    buffer_release(&buffer);
    buffer_release(&again);
}

static void a_body_cut_or_longer_is_refused(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    struct sample_row read = {.version = 9};
    encode_record(&sample_row_record, &row, &buffer);
    struct slice body = buffer_slice(&buffer);
    for (size_t size = 0; size < body.size; size++)
        assert_false(
            decode_record(&sample_row_record, (struct slice){body.data, size}, &arena, &read));
    buffer_append_byte(&buffer, 0);
    assert_false(decode_record(&sample_row_record, buffer_slice(&buffer), &arena, &read));
    assert_int_equal(read.version, 9);
    buffer_release(&buffer);
}

static void lists_come_back(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    struct list list = {(void *)(uintptr_t)parts, 2}, read;
    encode_list(&sample_row_part_record, &list, &buffer);
    assert_true(decode_list(&sample_row_part_record, buffer_slice(&buffer), &arena, &read));
    assert_int_equal(read.count, 2);
    assert_true(slice_is(((struct sample_row_part *)read.items)[1].name, "two"));
    buffer_clear(&buffer);
    encode_list(&sample_row_part_record, &(struct list){0}, &buffer);
    assert_int_equal(buffer.size, 1);
    assert_true(decode_list(&sample_row_part_record, buffer_slice(&buffer), &arena, &read));
    assert_int_equal(read.count, 0);
    assert_false(decode_list(&sample_row_part_record, SLICE("\2"), &arena, &read));
    buffer_release(&buffer);
}

/* What was counted from a sender's last possible time lies beyond it. */
static void our_own_times_are_read_however_far(void **state)
{
    (void)state;
    static const struct field fields[] = {
        {.name = "at", .kind = FIELD_INSTANT, .size = 8},
        {.name = "on", .kind = FIELD_DAY, .offset = 8, .size = 4}};
    static const struct record_type type = {"Far", 16, fields, 2};
    struct far {
        int64_t at;
        int32_t on;
    } far = {INT64_C(7258204800000000), 84008}, read; /* the 2nd and 3rd of January 2200 */
    struct buffer buffer = {0};
    encode_record(&type, &far, &buffer);
    assert_true(decode_record(&type, buffer_slice(&buffer), &arena, &read));
    assert_true(read.at == far.at && read.on == far.on);
    buffer_release(&buffer);
}

static void amounts_take_the_fewest_bytes(void **state)
{
    (void)state;
    const struct {
        int64_t amount;
        struct slice bytes;
    } cases[] = {
        {0, SLICE("\2\0")},
        {127, SLICE("\2\x7f")},
        {128, SLICE("\4\0\x80")},
        {-128, SLICE("\2\x80")},
        {-129, SLICE("\4\xff\x7f")},
        {INT64_MAX, SLICE("\20\x7f\xff\xff\xff\xff\xff\xff\xff")},
        {INT64_MIN, SLICE("\20\x80\0\0\0\0\0\0\0")},
    };
    static const struct field field = {.name = "amount", .kind = FIELD_MONEY, .size = 8};
    static const struct record_type type = {"Amount", 8, &field, 1};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer buffer = {0};
        int64_t read;
        encode_record(&type, &cases[i].amount, &buffer);
        assert_true(slice_equal(buffer_slice(&buffer), cases[i].bytes));
        assert_true(decode_record(&type, buffer_slice(&buffer), &arena, &read));
        assert_true(read == cases[i].amount);
        buffer_release(&buffer);
    }
    int64_t read;
    /* Leading sign bytes are read, more than 64 bits are not. */
    assert_true(decode_record(&type, SLICE("\24\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe"),
                              &arena, &read));
    assert_true(read == -2);
    assert_false(decode_record(&type, SLICE("\22\0\x80\0\0\0\0\0\0\0"), &arena, &read));
    assert_false(decode_record(&type, SLICE("\0"), &arena, &read));
}

static int begin(void **state)
{
    (void)state;
    return arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_comes_back_as_it_was),
        cmocka_unit_test(a_body_cut_or_longer_is_refused),
        cmocka_unit_test(lists_come_back),
        cmocka_unit_test(our_own_times_are_read_however_far),
        cmocka_unit_test(amounts_take_the_fewest_bytes),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
