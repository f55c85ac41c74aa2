#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cached_rows.h"
#include "worker/cached.h"

static const struct slice key = {"kerja:1:completion:course:1", 27};
static struct arena arena;
static struct seal *ours, *theirs;
static struct buffer value;

static struct seal *seal_of(unsigned char secret)
{
    struct seal_secrets secrets = {.id_secret = {secret}, .key_count = 1, .keys = {{.id = 1}}};
    return seal_open(&secrets, NULL);
}

static int open_all(void **state)
{
    static const struct course_row row = {.course_key = {{1}},
                                          .course_id = {"SKILL-1", 7},
                                          .price = 40000000,
                                          .currency = {"IDR", 3},
                                          .version = 3};
    (void)state;
    ours = seal_of(1);
    theirs = seal_of(2);
    return arena_init(&arena, 1 << 20) && ours != NULL && theirs != NULL &&
                   cached_write(ours, &course_row_type, key, &row, &value)
               ? 0
               : -1;
}

static int close_all(void **state)
{
    (void)state;
    seal_close(ours);
    seal_close(theirs);
    buffer_release(&value);
    arena_release(&arena);
    return 0;
}

static enum cached read(const struct seal *seal, const struct row_type *type,
                        struct slice under, struct slice bytes)
{
    void *row = NULL;
    arena_reset(&arena);
    enum cached read = cached_read(seal, type, under, bytes, &arena, &row);
    assert_true((row != NULL) == (read == CACHED_ROW));
    return read;
}

static void what_was_written_is_read(void **state)
{
    void *row = NULL;
    (void)state;
    arena_reset(&arena);
    assert_int_equal(
        cached_read(ours, &course_row_type, key, buffer_slice(&value), &arena, &row),
        CACHED_ROW);
    const struct course_row *course = row;
    assert_true(course->price == 40000000 && course->version == 3);
    assert_true(slice_equal(course->course_id, SLICE("SKILL-1")));
}

static void nobody_else_can_write_it(void **state)
{
    struct slice bytes = buffer_slice(&value);
    (void)state;
    assert_int_equal(read(theirs, &course_row_type, key, bytes), CACHED_FORGED);
    assert_int_equal(read(ours, &course_row_type, SLICE("kerja:1:completion:course:2"), bytes),
                     CACHED_FORGED);
    assert_int_equal(read(ours, &course_row_type, key, SLICE("")), CACHED_FORGED);
    for (size_t size = 0; size < bytes.size; size++)
        assert_int_equal(read(ours, &course_row_type, key, (struct slice){bytes.data, size}),
                         CACHED_FORGED);
    for (size_t i = 0; i < bytes.size; i++)
        for (int bit = 0; bit < 8; bit++) {
            value.data[i] = (char)(value.data[i] ^ 1 << bit);
            assert_int_equal(read(ours, &course_row_type, key, bytes), CACHED_FORGED);
            value.data[i] = (char)(value.data[i] ^ 1 << bit);
        }
}

static void a_row_of_another_form_is_no_forgery(void **state)
{
    (void)state;
    assert_int_equal(read(ours, &enrolment_row_type, key, buffer_slice(&value)),
                     CACHED_OTHER_FORM);
}

static void a_row_without_room_is_no_forgery(void **state)
{
    struct arena small;
    void *row = NULL;
    (void)state;
    assert_true(arena_init(&small, 16));
    assert_int_equal(
        cached_read(ours, &course_row_type, key, buffer_slice(&value), &small, &row),
        CACHED_OTHER_FORM);
    assert_null(row);
    arena_release(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(nobody_else_can_write_it),
        cmocka_unit_test(a_row_of_another_form_is_no_forgery),
        cmocka_unit_test(a_row_without_room_is_no_forgery),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
