/*
 * simulate_rules - what a draft of a programme file would say of an application that was decided long ago.
 *
 * Every stored decision carries the values that its conditions saw. The newest value of each field is put together
 * from all decisions about an application, and both files judge it: the one in force then, and the draft. The
 * difference between the two is the draft's doing, whatever else happened to the application. What both judge is
 * judged by rules_apply(), as in a worker and in `kerja try`.
 *
 * A field that nobody asked for then was not stored and is judged as UNKNOWN. Where the draft's answer depends on one,
 * it is CANNOT_SAY, unless another condition refuses for certain, and whether the draft lets the application
 * pass is left open: `chance` says whether it surely does, perhaps, or surely not. What the engine said (no seat,
 * no money) stands as it stood.
 */
#ifndef KERJA_CTL_SIMULATE_RULES_H
#define KERJA_CTL_SIMULATE_RULES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "draw_interval.h"
#include "rules/programme.h"
#include "rules/verdict.h"

#include <stdbool.h>
#include <stddef.h>

/* What the application is, by its service. */
enum simulated_standing {
    STANDS_AWARDED,
    STANDS_ELIGIBLE, /* pooled, or not drawn: nothing stood in the way */
    STANDS_OUT       /* held or refused */
};

/* What the draft would change. */
enum simulated_change {
    CHANGE_KEEPS,   /* awarded, and the draft takes nothing away  */
    CHANGE_LOSES,   /* awarded, and refused by the draft          */
    CHANGE_HELD,    /* awarded or eligible, and held by the draft */
    CHANGE_STAYS,   /* eligible, and so by the draft              */
    CHANGE_LEAVES,  /* eligible, and refused by the draft         */
    CHANGE_GAINS,   /* out, and eligible by the draft             */
    CHANGE_REASONS, /* out, for other reasons                     */
    CHANGE_NOTHING, /* out, for the same reasons                  */
    CHANGE_CANNOT_SAY,
    CHANGE_COUNT
};

struct simulated_case {
    const struct programme *then, *draft;
    const struct scheme *then_scheme;  /* NULL: `then` has it no more */
    const struct scheme *draft_scheme; /* NULL: the draft has none for this wave or day */
    bool has_wave;
    int wave;
    epoch_day on;      /* local day of the application */
    struct slice seen; /* merged by simulated_see(); empty: no decision is stored */
    enum simulated_standing standing;
    const struct slice *reasons, *waived; /* of the application */
    size_t reason_count, waived_count;
};

struct simulated_answer {
    enum simulated_change change;
    enum draw_chance chance; /* that the draft lets it pass: into the draw, or to its award */
    struct slice before[VERDICT_REASONS], after[VERDICT_REASONS];
    size_t before_count, after_count;
    struct slice priorities[VERDICT_PRIORITIES]; /* that the draft raises */
    size_t priority_count;
    bool missing[RULE_FIELD_COUNT];  /* fields for want of which nobody can say         */
    bool unranked[RULE_FIELD_COUNT]; /* for want of which a priority could not be raised */
};

/* Room for judging, several hundred kilobytes; one serves any number of cases. */
struct simulated_room {
    struct verdict seen, newer, then, draft, hoped;
};

/* Merges the values of a decision's verdict into those that are known: where both have a field, the newer
 * counts. `registers_only`: take what registers said and nothing else. The result is owned by the caller, for
 * free(); `known` may be empty. REJECT for bytes that are no verdict. The arena holds lists meanwhile. */
enum outcome simulated_see(struct slice known, struct slice newer, bool registers_only,
                           struct arena *arena, struct simulated_room *room, char **merged,
                           size_t *size, struct error *error);

/* Judges a case by both files. Texts of the answer are borrowed from case and files. REJECT where what was
 * seen cannot be read. */
enum outcome simulate_rules(const struct simulated_case *simulated, struct arena *arena,
                            struct simulated_room *room, struct simulated_answer *answer,
                            struct error *error);

/* By application.decided's status; false for one that is neither. */
bool simulated_standing_of(struct slice status, enum simulated_standing *standing);

/* "GAINS" and the like. */
const char *simulated_change_name(enum simulated_change change);

#endif
