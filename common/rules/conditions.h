/*
 * conditions - judging a subject by the conditions of its scheme.
 *
 * A condition reads: in this phase, for these schemes and waves and days, if everything
 * in `when` holds, then `field op value` must hold; if it does not, `effect` and `reason`.
 * All conditions are judged, not only the first that fails: whoever is refused must
 * learn all that is missing. A PRIORITY condition is turned round, it is raised when it holds.
 *
 * UNKNOWN. A condition that cannot be decided, and could still fail, holds with the unknown
 * field's own reason (field_meaning()->unknown), never with the reason that accuses.
 * A PRIORITY that cannot be decided is not raised.
 */
#ifndef KERJA_RULES_CONDITIONS_H
#define KERJA_RULES_CONDITIONS_H

#include "base/calendar.h"
#include "rules/value.h"
#include "rules/verdict.h"
#include "rules/vocabulary.h"

#include <stdbool.h>
#include <stdint.h>

enum rule_phase {
    PHASE_APPLY,    /* application.submitted                             */
    PHASE_SELECT,   /* with APPLY, and again alone at application.drawn  */
    PHASE_PURCHASE, /* course.enrolled                                   */
    PHASE_COMPLETE, /* course.completed                                  */
    PHASE_PAY,      /* before incentive.approved, before payout.requested */
    PHASE_PROVIDER, /* course.listed                                     */
    PHASE_EMPLOYER, /* application.submitted of a hiring programme       */
    PHASE_COUNT
};

enum rule_operator {
    OPERATOR_EQ,
    OPERATOR_NE,
    OPERATOR_LT,
    OPERATOR_LE,
    OPERATOR_GT,
    OPERATOR_GE,
    OPERATOR_IN,
    OPERATOR_NOT_IN,
    OPERATOR_BETWEEN, /* both ends included */
    OPERATOR_DISJOINT,
    OPERATOR_INTERSECTS,
    OPERATOR_EXISTS,
    OPERATOR_COUNT
};

/* `field op operand`. Operands of eq..ge are low; between has low and high; exists has low 0 or
 * 1; a level's operands are places in its order. Codes stand in `codes`. */
struct comparison {
    enum rule_field field;
    enum rule_operator op;
    int64_t low, high;
    const struct slice *codes;
    size_t code_count;
    const int64_t *numbers; /* in and not_in of an int or a level */
    size_t number_count;
    const struct slice *levels; /* of a level: the programme's order, ascending */
    size_t level_count;
};

struct reason;
struct scheme;

struct condition {
    int number; /* of the file, unique in it */
    enum rule_phase phase;
    uint8_t services;       /* who knows all its fields           */
    bool active;            /* false: shown, never judged         */
    int from_wave, to_wave; /* 0, 0: all waves, and none    */
    bool has_from, has_to;
    epoch_day from, to; /* of the event, both included      */
    struct comparison must;
    const struct comparison *when;
    size_t when_count;
    enum effect effect;
    const struct reason *reason;
    const char *confidence; /* "2", "2o", "1", "X", "D" */
    const struct slice *sources;
    size_t source_count;
};

/* Who or what is judged. `value` is asked at most once a field and verdict; a field that
 * the subject cannot give is value_unknown(). */
struct rule_subject {
    struct value (*value)(const void *context, enum rule_field field);
    const void *context;
    bool has_wave;
    int wave;
    epoch_day on; /* local day of the event: from and to of a condition are by it */
    enum rule_service service; /* conditions that another service must judge are passed over */
};

/* Judges all conditions of the scheme's phase and adds what they say to the verdict, which
 * verdict_init() has made. Call it once for each phase. */
void rules_apply(const struct scheme *scheme, enum rule_phase phase,
                 const struct rule_subject *subject, struct verdict *verdict);

/* Judges one condition, whatever its phase, waves, days and service. */
void rules_judge(const struct condition *condition, const struct rule_subject *subject,
                 struct verdict *verdict);

/* Judges an AND list alone, as the `when` of a deadline or a condition: PASS when all hold,
 * FAIL when one surely does not, else UNKNOWN. An empty list passes. */
enum condition_result rules_hold(const struct comparison *list, size_t count,
                                 const struct rule_subject *subject);

/* "APPLY", "eq": names as the programme file writes them. */
const char *phase_name(enum rule_phase phase);
const char *operator_name(enum rule_operator op);
bool phase_find(struct slice name, enum rule_phase *phase);
bool operator_find(struct slice name, enum rule_operator *op);

#endif
