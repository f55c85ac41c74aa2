#include "base/broken.h"

#ifdef KERJA_BROKEN

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[BROKEN_COUNT] = {
    [BROKEN_AT_LEAST_ONCE] = "at-least-once",
    [BROKEN_NO_TRANSACTION] = "no-transaction",
    [BROKEN_OFFSETS_FIRST] = "offsets-first",
    [BROKEN_OWNER_UNCHECKED] = "owner-unchecked",
    [BROKEN_SEEN_TOO_EARLY] = "seen-too-early",
    [BROKEN_OFFSETS_TRUSTED] = "offsets-trusted",
    [BROKEN_POSITIONS_APART] = "positions-apart",
    [BROKEN_EMPTY_ROWS_LEFT_OUT] = "empty-rows-left-out",
    [BROKEN_LIMITS_UNCHECKED] = "limits-unchecked",
    [BROKEN_NEVER_TIGHT] = "never-tight",
    [BROKEN_REPEATS_DECIDED] = "repeats-decided",
    [BROKEN_LAST_OUTPUT_LOST] = "last-output-lost",
    [BROKEN_ONE_SIDE_BOOKED] = "one-side-booked",
};

/* BROKEN_COUNT: none. */
static int chosen(void)
{
    const char *name = getenv("BREAK_KERJA");
    if (name == NULL || name[0] == '\0')
        return BROKEN_COUNT;
    for (int way = 0; way < BROKEN_COUNT; way++)
        if (strcmp(name, names[way]) == 0)
            return way;
    fprintf(stderr, "BREAK_KERJA is \"%.64s\": not a mistake of common/base/broken.h\n", name);
    exit(2);
}

bool broken_is(enum broken way)
{
    static atomic_int known = -1; /* two threads find the same */
    int is = atomic_load_explicit(&known, memory_order_relaxed);
    if (is < 0)
        atomic_store_explicit(&known, is = chosen(), memory_order_relaxed);
    return is == (int)way;
}

#endif
