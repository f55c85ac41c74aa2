#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void allocations_are_zeroed_and_aligned(void **state)
{
    (void)state;
    static const unsigned char zeros[40];
    struct arena arena;
    assert_true(arena_init(&arena, 4096));
    unsigned char *one = arena_alloc(&arena, 1), *two = arena_alloc(&arena, 40);
    assert_int_equal((uintptr_t)two % 16, 0);
    assert_true(two > one);
    memset(two, 0xff, 40);
    arena_reset(&arena);
    arena_alloc(&arena, 1);
    assert_memory_equal(arena_alloc(&arena, 40), zeros, 40);
    arena_release(&arena);
    arena_release(&arena);
    arena_release(NULL);
}

static void it_is_full_exactly_at_its_capacity(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_init(&arena, 64));
    assert_null(arena_alloc(&arena, 65));
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_non_null(arena_alloc(&arena, 64));
    assert_null(arena_alloc(&arena, 1));
    arena_reset(&arena);
    assert_non_null(arena_alloc(&arena, 49));
    assert_null(arena_alloc(&arena, 1));
    arena_release(&arena);
}

static void the_newest_grows_in_place_and_others_are_copied(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_init(&arena, 256));
    char *text = arena_alloc(&arena, 3);
    memcpy(text, "abc", 3);
    assert_ptr_equal(arena_grow(&arena, text, 3, 20), text);
    assert_int_equal(text[19], 0);
    assert_null(arena_grow(&arena, text, 20, 257));
    arena_alloc(&arena, 1);
    char *copy = arena_grow(&arena, text, 20, 30);
    assert_ptr_not_equal(copy, text);
    assert_memory_equal(copy, "abc\0", 4);
    assert_null(arena_grow(&arena, text, 20, 250));
    assert_memory_equal(text, "abc\0", 4);
    assert_non_null(arena_grow(&arena, NULL, 0, 8));
    arena_release(&arena);
}

static void copies_end_with_a_zero(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_init(&arena, 16));
    struct slice copy = arena_copy(&arena, SLICE("0123456789abcde"));
    assert_string_equal(copy.data, "0123456789abcde");
    assert_int_equal(copy.size, 15);
    arena_reset(&arena);
    assert_null(arena_copy(&arena, SLICE("0123456789abcdef")).data);
    assert_string_equal(arena_copy(&arena, (struct slice){0}).data, "");
    arena_release(&arena);
}

static void rewinding_gives_back_what_came_after(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_init(&arena, 64));
    arena_alloc(&arena, 10);
    size_t mark = arena_mark(&arena);
    void *after = arena_alloc(&arena, 20);
    arena_rewind(&arena, mark);
    assert_ptr_equal(arena_alloc(&arena, 20), after);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_zeroed_and_aligned),
        cmocka_unit_test(it_is_full_exactly_at_its_capacity),
        cmocka_unit_test(the_newest_grows_in_place_and_others_are_copied),
        cmocka_unit_test(copies_end_with_a_zero),
        cmocka_unit_test(rewinding_gives_back_what_came_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
