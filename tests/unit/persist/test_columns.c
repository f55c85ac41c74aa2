#include "persist/columns.h"
#include "persist/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct sample {
    int64_t number;
    bool has_number;
    struct list texts;
    int32_t day;
};

static const struct field number_field = {.name = "number",
                                          .kind = FIELD_LONG,
                                          .optional = true,
                                          .offset = offsetof(struct sample, number),
                                          .has_offset = offsetof(struct sample, has_number),
                                          .size = sizeof(int64_t)};
static const struct field texts_field = {.name = "texts",
                                         .kind = FIELD_TEXT,
                                         .repeated = true,
                                         .offset = offsetof(struct sample, texts),
                                         .size = sizeof(struct slice)};
static const struct field day_field = {.name = "day",
                                       .kind = FIELD_DAY,
                                       .offset = offsetof(struct sample, day),
                                       .size = sizeof(int32_t)};

static void arrays_are_postgresql_binary(void **state)
{
    (void)state;
    struct sample set = {.number = 258, .has_number = true}, unset = {0};
    const void *rows[] = {&set, &unset};
    struct buffer buffer = {0};
    assert_true(column_append(&number_field, rows, 2, NULL, &buffer));
    static const unsigned char wanted[] = {0, 0, 0, 1, 0, 0, 0, 1, 0,    0,    0,    20,
                                           0, 0, 0, 2, 0, 0, 0, 1, 0,    0,    0,    8,
                                           0, 0, 0, 0, 0, 0, 1, 2, 0xff, 0xff, 0xff, 0xff};
    assert_int_equal(buffer.size, sizeof wanted);
    assert_memory_equal(buffer.data, wanted, sizeof wanted);
    buffer_release(&buffer);
}

static void an_array_of_nothing_has_no_dimension(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    array_append_uuid(NULL, 0, sizeof(struct uuid), &buffer);
    assert_int_equal(buffer.size, 12);
    assert_int_equal(wire_u32(buffer.data), 0);
    buffer_release(&buffer);
}

static void literals_quote_every_item(void **state)
{
    (void)state;
    static const struct {
        struct slice items[2];
        size_t count;
        const char *wanted;
    } literals[] = {
        {{{0}}, 0, "{}"},
        {{{"a", 1}, {"b", 1}}, 2, "{\"a\",\"b\"}"},
        {{{"", 0}, {"NULL", 4}}, 2, "{\"\",\"NULL\"}"},
        {{{"\"\\", 2}, {"{,}", 3}}, 2, "{\"\\\"\\\\\",\"{,}\"}"},
    };
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        struct buffer buffer = {0};
        array_literal_append(literals[i].items, literals[i].count, &buffer);
        assert_true(slice_is(buffer_slice(&buffer), literals[i].wanted));
        buffer_release(&buffer);
    }
}

static void days_count_from_2000(void **state)
{
    (void)state;
    struct arena arena;
    struct sample sample = {0};
    assert_true(arena_init(&arena, 4096));
    assert_true(column_read(&day_field, "\0\0\0\1", 4, NULL, &arena, &sample));
    assert_int_equal(sample.day, 10958);
    assert_true(column_read(&day_field, "\xff\xff\xd5\x33", 4, NULL, &arena, &sample));
    assert_int_equal(sample.day, 0);
    arena_release(&arena);
}

static void values_of_another_shape_are_refused(void **state)
{
    (void)state;
    struct arena arena;
    struct sample sample = {0};
    assert_true(arena_init(&arena, 4096));
    assert_false(column_read(&day_field, "\0\0\0", 3, NULL, &arena, &sample));
    assert_false(column_read(&day_field, NULL, 0, NULL, &arena, &sample));
    assert_true(column_read(&number_field, NULL, 0, NULL, &arena, &sample));
    assert_false(sample.has_number);
    arena_release(&arena);
}

/* A text array cut anywhere, or that claims more than it has, is refused; whole it is read. */
static void cut_text_arrays_are_refused(void **state)
{
    (void)state;
    static const char whole[] = "\0\0\0\1\0\0\0\0\0\0\0\31\0\0\0\2\0\0\0\1\0\0\0\2ab\0\0\0\0";
    struct arena arena;
    struct sample sample = {0};
    size_t size = sizeof whole - 1;
    assert_true(arena_init(&arena, 4096));
    assert_true(column_read(&texts_field, whole, size, NULL, &arena, &sample));
    assert_int_equal(sample.texts.count, 2);
    assert_true(slice_is(*(struct slice *)sample.texts.items, "ab"));
    for (size_t cut = 0; cut < size; cut++) {
        char *bytes = malloc(cut + 1);
        assert_non_null(bytes);
        memcpy(bytes, whole, cut);
        assert_false(column_read(&texts_field, bytes, cut, NULL, &arena, &sample));
        free(bytes);
    }
    char many[sizeof whole];
    memcpy(many, whole, sizeof whole);
    many[12] = 127;
    assert_false(column_read(&texts_field, many, size, NULL, &arena, &sample));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_are_postgresql_binary),
        cmocka_unit_test(an_array_of_nothing_has_no_dimension),
        cmocka_unit_test(literals_quote_every_item),
        cmocka_unit_test(days_count_from_2000),
        cmocka_unit_test(values_of_another_shape_are_refused),
        cmocka_unit_test(cut_text_arrays_are_refused),
    };
    return cmocka_run_group_tests_name("persist/columns", tests, NULL, NULL);
}
