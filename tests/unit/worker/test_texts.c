#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "worker/texts.h"

enum { TEXTS = 4, TEXT_SIZE = 64 };

struct letters {
    struct slice items[TEXTS];
    size_t count;
};

static struct letters list_of(const char *letters)
{
    struct letters list = {.count = strlen(letters)};
    for (size_t i = 0; i < list.count; i++)
        list.items[i] = (struct slice){letters + i, 1};
    return list;
}

static void letters_of(const struct slice *items, size_t count, char letters[TEXT_SIZE])
{
    for (size_t i = 0; i < count; i++)
        letters[i] = items[i].data[0];
    letters[count] = '\0';
}

/* What becomes of the list, each way; and the list that was there keeps what it had. */
static void test_a_text_comes_or_goes(void **state)
{
    static const struct {
        const char *list, *text, *added, *appended, *removed;
        bool has;
    } cases[] = {
        {"", "b", "b", "b", "", false},         {"a", "b", "ab", "ab", "a", false},
        {"ac", "b", "abc", "acb", "ac", false}, {"c", "b", "bc", "cb", "c", false},
        {"b", "b", "b", "bb", "", true},        {"abc", "b", "abc", "abcb", "ac", true},
        {"bab", "b", NULL, "babb", "a", true}, /* unsorted: nothing is added to it in its place */
    };
    struct arena arena;
    (void)state;
    assert_true(arena_init(&arena, 1 << 16));
    struct decision decision = {.arena = &arena};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct letters before = list_of(cases[i].list);
        const struct slice text = slice_of(cases[i].text);
        const struct {
            void (*change)(struct decision *decision, const struct slice **items, size_t *count,
                           struct slice text);
            const char *after;
        } changes[] = {{texts_add, cases[i].added},
                       {texts_append, cases[i].appended},
                       {texts_remove, cases[i].removed}};
        char letters[TEXT_SIZE];
        assert_int_equal(texts_have(before.items, before.count, text), cases[i].has);
        for (size_t j = 0; j < sizeof changes / sizeof changes[0]; j++) {
            const struct slice *items = before.items;
            size_t count = before.count;
            if (changes[j].after == NULL)
                continue;
            changes[j].change(&decision, &items, &count, text);
            letters_of(items, count, letters);
            assert_string_equal(letters, changes[j].after);
            letters_of(before.items, before.count, letters);
            assert_string_equal(letters, cases[i].list);
        }
    }
    arena_release(&arena);
}

static void test_the_same_texts_in_the_same_order(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {{"", "", true},     {"ab", "ab", true}, {"ab", "ba", false},
                 {"ab", "a", false}, {"a", "ab", false}, {"", "a", false},
                 {"ab", "ac", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct letters a = list_of(cases[i].a), b = list_of(cases[i].b);
        assert_int_equal(texts_equal(a.items, a.count, b.items, b.count), cases[i].equal);
    }
}

/* A list may be made a copy of a part of itself. */
static void test_a_copy_replaces_what_was_there(void **state)
{
    struct arena arena;
    (void)state;
    assert_true(arena_init(&arena, 1 << 16));
    struct decision decision = {.arena = &arena};
    const struct letters before = list_of("abc");
    const struct slice *items = before.items;
    size_t count = before.count;
    char letters[TEXT_SIZE];
    texts_copy(&decision, items + 1, 2, &items, &count);
    letters_of(items, count, letters);
    assert_string_equal(letters, "bc");
    assert_true(items != before.items + 1);
    texts_copy(&decision, NULL, 0, &items, &count);
    assert_int_equal(count, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_text_comes_or_goes),
        cmocka_unit_test(test_the_same_texts_in_the_same_order),
        cmocka_unit_test(test_a_copy_replaces_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
