#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "worker/explanation.h"

#define TEXT(literal)                                                                          \
    {                                                                                          \
        (literal), sizeof(literal) - 1                                                         \
    }

static struct explained_row rows[] = {
    {TEXT("application"), {{1, 2}}, 4, TEXT("application.submitted/3/14")},
    {TEXT("person"), {{3}}, 0, TEXT("")}};

static const struct explanation full = {.offset = 15,
                                        .occurred_at = -7,
                                        .subject = {{9}},
                                        .kind = 1,
                                        .topic = TEXT("application.drawn"),
                                        .partition = 11,
                                        .programme = TEXT("kartu-prakerja"),
                                        .rules_hash = TEXT("0123456789abcdef"),
                                        .scheme = TEXT("normal"),
                                        .rows = rows,
                                        .row_count = 2,
                                        .verdict = TEXT("\x01\x00\x02")};

static void assert_same(const struct explanation *read, const struct explanation *written)
{
    assert_true(read->offset == written->offset && read->occurred_at == written->occurred_at);
    assert_true(uuid_equal(&read->subject, &written->subject));
    assert_int_equal(read->kind, written->kind);
    assert_int_equal(read->partition, written->partition);
    assert_true(slice_equal(read->topic, written->topic));
    assert_true(slice_equal(read->programme, written->programme));
    assert_true(slice_equal(read->rules_hash, written->rules_hash));
    assert_true(slice_equal(read->scheme, written->scheme));
    assert_true(slice_equal(read->verdict, written->verdict));
    assert_int_equal(read->row_count, written->row_count);
    for (size_t i = 0; i < read->row_count; i++) {
        assert_true(slice_equal(read->rows[i].table, written->rows[i].table));
        assert_true(uuid_equal(&read->rows[i].key, &written->rows[i].key));
        assert_true(read->rows[i].version == written->rows[i].version);
        assert_true(slice_equal(read->rows[i].before, written->rows[i].before));
    }
}

static void test_what_was_written_is_read_in_order(void **state)
{
    struct arena arena;
    struct buffer segment = {0};
    struct explanation empty = {.offset = 16}, read;
    struct error error;
    (void)state;
    assert_true(arena_init(&arena, 1 << 20));
    explanation_write(&full, &segment);
    explanation_write(&empty, &segment);
    struct slice rest = buffer_slice(&segment);
    assert_true(explanation_read(&rest, &arena, &read, &error));
    assert_same(&read, &full);
    assert_true(explanation_read(&rest, &arena, &read, &error));
    assert_same(&read, &empty);
    assert_int_equal(rest.size, 0);
    assert_false(explanation_read(&rest, &arena, &read, &error));
    buffer_release(&segment);
    arena_release(&arena);
}

static void test_every_cut_is_found(void **state)
{
    struct arena arena;
    struct buffer segment = {0};
    (void)state;
    assert_true(arena_init(&arena, 1 << 20));
    explanation_write(&full, &segment);
    for (size_t size = 1; size < segment.size; size++) {
        struct explanation read;
        struct error error = {0};
        char *cut = malloc(size); /* of its own, so that a read beyond it is seen */
        memcpy(cut, segment.data, size);
        struct slice rest = {cut, size};
        assert_false(explanation_read(&rest, &arena, &read, &error));
        assert_non_null(strstr(error.text, "cut or changed"));
        assert_int_equal(rest.size, size);
        free(cut);
    }
    buffer_release(&segment);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_written_is_read_in_order),
        cmocka_unit_test(test_every_cut_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
