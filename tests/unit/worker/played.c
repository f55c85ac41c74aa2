#include "played.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ARENA_BYTES = 4096 };

struct worker the_worker;
struct buffer told;

void told_add(const char *separator, const char *words)
{
    if (told.size > 0)
        buffer_append(&told, separator, strlen(separator));
    buffer_append(&told, words, strlen(words));
}

void told_was(const char *name, const char *expected)
{
    buffer_append(&told, "", 1);
    if (strcmp((const char *)told.data, expected) != 0)
        fail_msg("%s: told \"%s\", expected \"%s\"", name, (const char *)told.data, expected);
}

void played_begin(struct worker as_given)
{
    played_end();
    the_worker = as_given;
    the_worker.log = log_new(LEVEL_ERROR);
    the_worker.metrics = metrics_new();
    the_worker.round = &the_worker.rounds[0];
    for (size_t i = 0; i < ROUNDS; i++)
        assert_true(arena_init(&the_worker.rounds[i].arena, ARENA_BYTES));
}

void played_end(void)
{
    for (size_t i = 0; i < ROUNDS; i++)
        arena_release(&the_worker.rounds[i].arena);
    metrics_free(the_worker.metrics);
    the_worker = (struct worker){0};
    buffer_release(&told);
}
