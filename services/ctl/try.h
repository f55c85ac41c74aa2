/*
 * try - one made-up case judged by a programme file, without servers, people or consequences.
 *
 * A case is a line of JSON: who is judged, in which phase, and what is known of him or her. What the
 * case gives by the names of the vocabulary counts; what it does not give is derived from its event
 * and its facts by the services' own code; the rest is UNKNOWN. The conditions are judged by
 * rules_apply(), as in a worker. The answer is one JSON object, the same bytes for the same line.
 *
 * A case that cannot be read is answered by a sentence and harms no other. docs/try.md is the manual.
 */
#ifndef KERJA_CTL_TRY_H
#define KERJA_CTL_TRY_H

#include "base/arena.h"
#include "base/error.h"
#include "rules/programme.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRY_PROGRAMMES = 32 };

/* What all cases of a run share. */
struct try_bench {
    struct programme *programmes[TRY_PROGRAMMES];
    size_t programme_count;
    struct slice language;   /* of reasons and next steps */
    bool everything;         /* explain the conditions that passed, too */
    const struct seal *seal; /* of ids that are made up: its secret is no secret */
};

struct seal;

enum trial_phase { TRIAL_RULES, TRIAL_SCHEDULE, TRIAL_DRAW, TRIAL_LEDGER };

/* One case on its way. Everything it points at lives in the line's JSON, the programme or the arena. */
struct trial {
    const struct try_bench *bench;
    struct arena *arena;
    const json_t *json;
    int64_t line;
    const struct programme *programme;
    const struct scheme *scheme; /* NULL for a draw */
    const struct scheme_year *year;
    bool has_wave, has_day;
    int wave;
    epoch_day day;
    enum trial_phase phase;
    enum rule_phase rule_phases[PHASE_COUNT]; /* of TRIAL_RULES, in the order given */
    size_t rule_phase_count;
    bool given[RULE_FIELD_COUNT]; /* by the case */
    struct value fields[RULE_FIELD_COUNT];
    bool unsaid[RULE_FIELD_COUNT]; /* not known, whatever the service's decision made of it */
    bool derived_any;
    struct verdict
        derived; /* of the service's decision on event and facts: its values and reasons */
    struct error error;
};

/* Judges a line, and returns the answer, to be released by json_decref(); NULL when there was no memory.
 * `wrong` is set for a line that could not be judged: the answer then has "error". The arena is reset. */
json_t *try_line(const struct try_bench *bench, struct arena *arena, struct slice line,
                 int64_t number, bool *wrong);

/* What the parts share. */

/* Keeps "line 3: ..." as the trial's error and returns false. */
bool trial_fault(struct trial *trial, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Faults, and false, where an object of the case ("pool": applicant 3) has a member that `names`, ended by NULL,
 * lacks; where a member is there and no text; where it is there and no whole number from `least` to `most`. A
 * member of null is not there. */
bool trial_members(struct trial *trial, const char *where, const json_t *object,
                   const char *const *names);
bool trial_text(struct trial *trial, const char *where, const json_t *object, const char *name);
bool trial_number(struct trial *trial, const char *where, const json_t *object,
                  const char *name, int64_t least, int64_t most);

/* Reads the case's members into the trial; false after a fault. */
bool trial_read(struct trial *trial);

/* True when the conditions of that phase are to be judged. */
bool trial_has_phase(const struct trial *trial, enum rule_phase phase);

/* The value of a field for this trial. */
struct value trial_value(const struct trial *trial, enum rule_field field);

/* Between JSON and values: trial_field_read() fails with a fault; value_json() is never NULL but for a lack
 * of memory: null for what is not known, {"absent": true} for what is known to be missing. */
bool trial_field_read(struct trial *trial, enum rule_field field, const json_t *json);
json_t *value_json(enum rule_field field, const struct value *value);

/* "600000.00", and back: an optional minus sign, digits, at most two decimals. */
json_t *amount_json(int64_t amount_hundredths);
bool amount_from_json(const json_t *json, int64_t *amount_hundredths);
json_t *day_json(epoch_day day);

/* A text of JSON; a byte sequence that was cut within a letter loses that letter. */
json_t *text_json(struct slice text);

/* The phases. Each adds its members to `answer`, behind "id"; false after a fault. */
bool trial_judge(struct trial *trial, json_t *answer);
bool trial_schedule(struct trial *trial, json_t *answer);
bool trial_draw(struct trial *trial, json_t *answer);
bool trial_ledger(struct trial *trial, json_t *answer);

/* Members that every verdict has: verdict, reasons, unknown, conditions; and behind "money" the
 * explanation. */
void verdict_answer(const struct trial *trial, const struct verdict *verdict, json_t *answer);
void verdict_answer_explained(const struct trial *trial, const struct verdict *verdict,
                              json_t *answer);

/* What a passed verdict would make due: a list, never NULL but for a lack of memory. */
json_t *trial_money(const struct trial *trial, const struct verdict *verdict);

/* Derives what it can from "event" and "facts" into trial->derived; false after a fault. */
bool trial_derive(struct trial *trial);

#endif
